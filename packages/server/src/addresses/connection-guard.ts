import type { Server as HttpServer } from 'node:http';
import type { Socket } from 'node:net';
import { type TLSSocket, Server as TlsServer } from 'node:tls';
import type { ServerLimits } from '../limits.js';
import { peerAddress, peerAddressOf } from '../sockets/peer-address.js';
import type { TimerEntry, TimerWheel } from '../timer-wheel.js';
import { type AddressConnections, boundServer, noticeFull } from './address-connections.js';
import { addressKey } from './remote-address.js';

/** Options of `guardConnections`. */
export interface ConnectionGuardOptions {
  readonly limits: Pick<ServerLimits, 'headersTimeoutMs' | 'keepAliveMs' | 'silentPerAddressMax'>;
  /** Shared by all servers of the process. */
  readonly connections: AddressConnections;
  readonly wheel: TimerWheel;
  /** Whether a socket's handle may be queried, see `DirectSocketWriter`. */
  readonly directSockets: boolean;
  /**
   * Returns whether a peer is a trusted proxy, which is exempt from the limits: it legitimately has many connections,
   * and itself limits clients that never send a complete request head.
   */
  readonly isTrusted: (address: string) => boolean;
  readonly onNotice: (code: string, text: string) => void;
}

/** Limits the connections of one http server before their first request. */
export interface ConnectionGuard {
  /** The caller must call this when a complete request head has arrived on this socket. */
  spoke(socket: Socket): void;
  /** Restores the http server's own settings. */
  giveBack(): void;
}

const kSilent: unique symbol = Symbol('everywire silent connection');
interface GuardedSocket extends Socket {
  /** The deadline; `null` after the first request of the connection. */
  [kSilent]?: SilentConnection | null;
}

/**
 * Limits silent connections, which never send a complete request head, because each costs memory and a descriptor.
 * Silent connections have a deadline, and a limit for each address. The total is below the process's limit of open
 * files, so that `accept` never fails (H9, H21). One address gets at most a share of the total, whatever it requests,
 * which leaves room for others (H28).
 *
 * Node checks for late heads only every 30 s. The guard therefore sets its own deadline for the first head of each
 * connection.
 */
export function guardConnections(server: HttpServer, options: ConnectionGuardOptions): ConnectionGuard {
  const silent = new SilentConnections(options);
  const restoreTimeouts = setTimeouts(server, options.limits);
  const restoreBound = boundServer(server, options);

  const isTls = server instanceof TlsServer;
  const onConnection = (socket: Socket): void => silent.add(socket, isTls);
  // Under TLS, requests arrive by another socket object than the connection. The peer identifies both.
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

/** A connection that has not sent a whole request head yet, and its deadline. */
class SilentConnection implements TimerEntry {
  wheelNext: TimerEntry | null = null;
  wheelPrevious: TimerEntry | null = null;
  wheelTick = 0;
  readonly socket: Socket;
  /** The key for limits, see `addressKey`. */
  readonly address: string;
  /** For a socket under TLS: the peer, which both sockets have in common. */
  readonly peer: string | null;
  readonly #all: SilentConnections;

  constructor(all: SilentConnections, socket: Socket, address: string, isTls: boolean) {
    this.#all = all;
    this.socket = socket;
    this.address = address;
    this.peer = isTls ? peerAddressOf(socket) : null;
  }

  onTimer(): void {
    this.#all.late(this);
  }

  onClose(): void {
    this.#all.remove(this);
  }
}

function onSilentClose(this: Socket): void {
  (this as GuardedSocket)[kSilent]?.onClose();
}

/** All silent connections of one http server, with their limits. */
class SilentConnections {
  readonly #options: ConnectionGuardOptions;
  /** By address, the oldest first. */
  readonly #byAddress: Map<string, Set<SilentConnection>> = new Map();
  readonly #byPeer: Map<string, SilentConnection> = new Map();

  constructor(options: ConnectionGuardOptions) {
    this.#options = options;
  }

  add(socket: Socket, isTls: boolean): void {
    const { wheel, limits, connections, isTrusted, directSockets, onNotice } = this.#options;
    const address = peerAddress(socket, directSockets);
    // The connection has closed already.
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

  /** Returns the limit that one address exceeds with this connection, in the words of the notice. */
  #setting(isFull: boolean, silent: number): string | null {
    const { limits, connections } = this.#options;
    if (silent > limits.silentPerAddressMax) return `limits.silentPerAddressMax (${limits.silentPerAddressMax})`;
    return isFull ? `limits.connectionsPerAddressMax (${connections.max})` : null;
  }

  /** Closes the oldest silent connection, which is the new one if all others have sent a request. */
  #dropOldest([oldest]: Iterable<SilentConnection>, setting: string): void {
    if (oldest === undefined) return;
    this.#options.onNotice('address_full', `${setting}: the oldest connection without a request was closed.`);
    oldest.socket.destroy();
    this.remove(oldest);
  }

  rename(socket: TLSSocket): void {
    const waiting = this.#byPeer.get(peerAddressOf(socket));
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
    // Browsers open connections in advance, and load balancers to check for a listener.
    if (socket.bytesRead > 0)
      this.#options.onNotice('head_timeout', 'A connection sent no whole request head in time; it was closed.');
    // During a TLS handshake, a plain answer is useless.
    if (socket.bytesRead > 0 && peer === null) socket.end(LATE_ANSWER, () => socket.destroy());
    else socket.destroy();
  }
}

const LATE_ANSWER = 'HTTP/1.1 408 Request Timeout\r\nConnection: close\r\nContent-Length: 0\r\n\r\n';

/** Sets the server's timeouts. @returns undoes it */
function setTimeouts(
  server: HttpServer,
  { headersTimeoutMs, keepAliveMs }: ConnectionGuardOptions['limits'],
): () => void {
  const { headersTimeout, keepAliveTimeout } = server;
  if (headersTimeoutMs > 0 && (headersTimeout === 0 || headersTimeout > headersTimeoutMs))
    server.headersTimeout = headersTimeoutMs;
  // 0 means no timeout.
  if (keepAliveTimeout > 0 && keepAliveTimeout < keepAliveMs) server.keepAliveTimeout = keepAliveMs;
  return () => Object.assign(server, { headersTimeout, keepAliveTimeout });
}
