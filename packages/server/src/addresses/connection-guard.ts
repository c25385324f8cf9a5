import type { Server as HttpServer } from 'node:http';
import type { Socket } from 'node:net';
import { type TLSSocket, Server as TlsServer } from 'node:tls';
import type { ServerLimits } from '../limits.js';
import { peerAddress, peerOf } from '../sockets/peer-address.js';
import type { TickWheel, WheelEntry } from '../tick-wheel.js';
import { type AddressConnections, boundServer, noticeFull } from './address-connections.js';
import { addressKey } from './remote-address.js';

export interface ConnectionGuardOptions {
  readonly limits: Pick<ServerLimits, 'headersTimeoutMs' | 'keepAliveMs' | 'silentPerAddressMax'>;
  /** Of all servers of the process. */
  readonly connections: AddressConnections;
  readonly wheel: TickWheel;
  /** Whether a socket's handle may be asked, see `DirectWay`. */
  readonly directSockets: boolean;
  /** A proxy's connections are many, and it waits for whole heads itself. */
  readonly isTrusted: (address: string) => boolean;
  readonly onNotice: (code: string, text: string) => void;
}

/** What the connections of one http server may do before they have asked for anything. */
export interface ConnectionGuard {
  /** A whole head came on this socket. */
  spoke(socket: Socket): void;
  /** The http server gets back what it had. */
  giveBack(): void;
}

const kSilent: unique symbol = Symbol('everywire silent connection');
interface GuardedSocket extends Socket {
  /** `null` from its first request on. */
  [kSilent]?: SilentConnection | null;
}

/**
 * Connections that never say a whole request head cost memory and a descriptor each. They have a time, of one address there are only
 * so many, and of all connections fewer than the process may have files open, so that `accept` never fails (H9, H21). One address has
 * at most a share of those, whatever it asks on them, so that there is room for others (H28).
 *
 * Node looks for late heads every 30 s at best; the first head of each connection is waited for here instead.
 */
export function guardConnections(server: HttpServer, options: ConnectionGuardOptions): ConnectionGuard {
  const silent = new SilentConnections(options);
  const restoreTimeouts = setTimeouts(server, options.limits);
  const restoreBound = boundServer(server, options);

  const isTls = server instanceof TlsServer;
  const onConnection = (socket: Socket): void => silent.add(socket, isTls);
  // The socket that requests come by is another one; the two have the same peer.
  const onSecure = (socket: TLSSocket): void => silent.rename(socket);
  server.prependListener('connection', onConnection);
  if (isTls) server.on('secureConnection', onSecure);

  return {
    spoke(socket: Socket): void {
      const guarded = socket as GuardedSocket;
      const waiting = guarded[kSilent];
      if (waiting === null || waiting === undefined) return;
      guarded[kSilent] = null;
      waiting.socket.removeListener('close', onSilentClose);
      silent.remove(waiting);
    },
    giveBack(): void {
      server.removeListener('connection', onConnection);
      server.removeListener('secureConnection', onSecure);
      restoreBound();
      restoreTimeouts();
    },
  };
}

class SilentConnection implements WheelEntry {
  wheelNext: WheelEntry | null = null;
  wheelPrevious: WheelEntry | null = null;
  wheelTick = 0;
  readonly socket: Socket;
  /** As limits count it, see `addressKey`. */
  readonly address: string;
  /** Of a socket that TLS stands on: what the two have in common. */
  readonly peer: string | null;
  readonly #all: SilentConnections;

  constructor(all: SilentConnections, socket: Socket, address: string, isTls: boolean) {
    this.#all = all;
    this.socket = socket;
    this.address = address;
    this.peer = isTls ? peerOf(socket) : null;
  }

  onWheel(): void {
    this.#all.late(this);
  }

  onClose(): void {
    this.#all.remove(this);
  }
}

function onSilentClose(this: Socket): void {
  (this as GuardedSocket)[kSilent]?.onClose();
}

class SilentConnections {
  readonly #options: ConnectionGuardOptions;
  /** Of each address the oldest first. */
  readonly #byAddress: Map<string, Set<SilentConnection>> = new Map();
  readonly #byPeer: Map<string, SilentConnection> = new Map();

  constructor(options: ConnectionGuardOptions) {
    this.#options = options;
  }

  add(socket: Socket, isTls: boolean): void {
    const { wheel, limits, connections, isTrusted, directSockets, onNotice } = this.#options;
    const address = peerAddress(socket, directSockets);
    // It is gone already.
    if (address === undefined) return;
    const waiting = new SilentConnection(this, socket, addressKey(address), isTls);
    (socket as GuardedSocket)[kSilent] = waiting;
    if (waiting.peer !== null) this.#byPeer.set(waiting.peer, waiting);
    if (limits.headersTimeoutMs > 0) wheel.schedule(waiting, limits.headersTimeoutMs);
    socket.on('close', onSilentClose);
    const trusted = isTrusted(address);
    const exceeded = connections.add(socket, trusted ? null : waiting.address);
    if (exceeded === 'connectionsMax') {
      noticeFull(onNotice, connections.allMax);
      socket.destroy();
      return;
    }
    if (trusted) return;
    const others = this.#byAddress.get(waiting.address) ?? new Set();
    this.#byAddress.set(waiting.address, others);
    others.add(waiting);
    const setting = this.#setting(exceeded !== null, others.size);
    if (setting !== null) this.#dropOldest(others, setting);
  }

  /** The limit that one address exceeds with this connection, as notices name it. */
  #setting(isFull: boolean, silent: number): string | null {
    const { limits, connections } = this.#options;
    if (silent > limits.silentPerAddressMax) return `limits.silentPerAddressMax (${limits.silentPerAddressMax})`;
    return isFull ? `limits.connectionsPerAddressMax (${connections.max})` : null;
  }

  /** The newest is among them: it is the one where all others of the address have asked for something. */
  #dropOldest([oldest]: Iterable<SilentConnection>, setting: string): void {
    if (oldest === undefined) return;
    this.#options.onNotice('address_full', `${setting}: of connections that ask for nothing the oldest closed.`);
    oldest.socket.destroy();
    this.remove(oldest);
  }

  rename(socket: TLSSocket): void {
    const waiting = this.#byPeer.get(peerOf(socket));
    if (waiting !== undefined) (socket as GuardedSocket)[kSilent] = waiting;
  }

  remove(waiting: SilentConnection): void {
    this.#options.wheel.cancel(waiting);
    const others = this.#byAddress.get(waiting.address);
    others?.delete(waiting);
    if (others?.size === 0) this.#byAddress.delete(waiting.address);
    if (waiting.peer !== null && this.#byPeer.get(waiting.peer) === waiting) this.#byPeer.delete(waiting.peer);
  }

  late(waiting: SilentConnection): void {
    const { socket, peer } = waiting;
    this.remove(waiting);
    // A browser opens connections before it has a use for them, and a balancer to see whether somebody is there.
    if (socket.bytesRead > 0)
      this.#options.onNotice('head_timeout', 'A connection sent no whole request head in time; it was closed.');
    // In a TLS handshake nobody waits for words.
    if (socket.bytesRead > 0 && peer === null) socket.end(LATE_ANSWER, () => socket.destroy());
    else socket.destroy();
  }
}

const LATE_ANSWER = 'HTTP/1.1 408 Request Timeout\r\nConnection: close\r\nContent-Length: 0\r\n\r\n';

/** @returns undoes it */
function setTimeouts(
  server: HttpServer,
  { headersTimeoutMs, keepAliveMs }: ConnectionGuardOptions['limits'],
): () => void {
  const { headersTimeout, keepAliveTimeout } = server;
  if (headersTimeoutMs > 0 && (headersTimeout === 0 || headersTimeout > headersTimeoutMs))
    server.headersTimeout = headersTimeoutMs;
  // 0 is for ever.
  if (keepAliveTimeout > 0 && keepAliveTimeout < keepAliveMs) server.keepAliveTimeout = keepAliveMs;
  return () => Object.assign(server, { headersTimeout, keepAliveTimeout });
}
