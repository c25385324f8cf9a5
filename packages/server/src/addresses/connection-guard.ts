import { readFileSync } from 'node:fs';
import type { Server as HttpServer } from 'node:http';
import type { Socket } from 'node:net';
import { type TLSSocket, Server as TlsServer } from 'node:tls';
import type { ServerLimits } from '../limits.js';
import { peerAddress } from '../sockets/peer-address.js';
import type { TickWheel, WheelEntry } from '../tick-wheel.js';

export interface ConnectionGuardOptions {
  readonly limits: Pick<ServerLimits, 'headersTimeoutMs' | 'keepAliveMs' | 'silentPerAddressMax' | 'connectionsMax'>;
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

/** Descriptors that are left for files and connections outwards. */
const SPARE_DESCRIPTORS = 64;
const SHARE_OF_DESCRIPTORS = 0.9;

/**
 * Connections that never say a whole request head cost memory and a descriptor each. They have a time, of one address there are only
 * so many, and of all connections fewer than the process may have files open, so that `accept` never fails (H9, H21).
 *
 * Node looks for late heads every 30 s at best; the first head of each connection is waited for here instead.
 */
export function guardConnections(server: HttpServer, options: ConnectionGuardOptions): ConnectionGuard {
  const { limits, onNotice } = options;
  const silent = new SilentConnections(options);
  const restore = setServer(server, limits);

  const isTls = server instanceof TlsServer;
  const onConnection = (socket: Socket): void => silent.add(socket, isTls);
  // The socket that requests come by is another one; the two have the same peer.
  const onSecure = (socket: TLSSocket): void => silent.rename(socket);
  const onDrop = (): void => {
    onNotice('connections_full', `All ${server.maxConnections} connections are in use; further ones are closed.`);
  };
  server.prependListener('connection', onConnection);
  server.on('drop', onDrop);
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
      server.removeListener('drop', onDrop);
      server.removeListener('secureConnection', onSecure);
      restore();
    },
  };
}

class SilentConnection implements WheelEntry {
  wheelNext: WheelEntry | null = null;
  wheelPrevious: WheelEntry | null = null;
  wheelTick = 0;
  readonly socket: Socket;
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
    const { limits, wheel, isTrusted, directSockets, onNotice } = this.#options;
    const address = peerAddress(socket, directSockets);
    // It is gone already.
    if (address === undefined) return;
    const waiting = new SilentConnection(this, socket, address, isTls);
    (socket as GuardedSocket)[kSilent] = waiting;
    if (waiting.peer !== null) this.#byPeer.set(waiting.peer, waiting);
    if (limits.headersTimeoutMs > 0) wheel.schedule(waiting, limits.headersTimeoutMs);
    socket.on('close', onSilentClose);
    if (isTrusted(address)) return;
    const others = this.#byAddress.get(address) ?? new Set();
    this.#byAddress.set(address, others);
    others.add(waiting);
    if (others.size <= limits.silentPerAddressMax) return;
    const [oldest] = others;
    const most = limits.silentPerAddressMax;
    onNotice(
      'address_full',
      `limits.silentPerAddressMax (${most}): of connections that ask for nothing the oldest closed.`,
    );
    (oldest as SilentConnection).socket.destroy();
    this.remove(oldest as SilentConnection);
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

function peerOf({ remoteAddress, remotePort, localPort }: Socket): string {
  return `${remoteAddress} ${remotePort} ${localPort}`;
}

/** @returns undoes it */
function setServer(
  server: HttpServer,
  { headersTimeoutMs, keepAliveMs, connectionsMax }: ConnectionGuardOptions['limits'],
): () => void {
  const { headersTimeout, keepAliveTimeout, maxConnections } = server;
  if (headersTimeoutMs > 0 && (headersTimeout === 0 || headersTimeout > headersTimeoutMs))
    server.headersTimeout = headersTimeoutMs;
  // 0 is for ever.
  if (keepAliveTimeout > 0 && keepAliveTimeout < keepAliveMs) server.keepAliveTimeout = keepAliveMs;
  const most = connectionsMax > 0 ? connectionsMax : fittingConnections();
  if (most !== null && !(maxConnections < most)) server.maxConnections = most;
  return () => Object.assign(server, { headersTimeout, keepAliveTimeout, maxConnections });
}

/** What the process may have open, less what it needs for itself; `null` where nothing says how much that is. */
function fittingConnections(): number | null {
  try {
    const [, soft] = /^Max open files\s+(\d+)/m.exec(readFileSync('/proc/self/limits', 'latin1')) ?? [];
    if (soft === undefined) return null;
    const files = Number(soft);
    return Math.max(1, Math.floor(Math.min(files * SHARE_OF_DESCRIPTORS, files - SPARE_DESCRIPTORS)));
  } catch {
    return null;
  }
}
