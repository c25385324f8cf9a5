import type { Server, Socket } from 'node:net';
import { type TLSSocket, Server as TlsServer } from 'node:tls';
import { type AddressConnections, boundServer, noticeFull } from '../addresses/address-connections.js';
import { addressKey } from '../addresses/remote-address.js';
import type { LiveLink } from '../gathering/link-host.js';
import type { ServerLimits } from '../limits.js';
import { destroySocket } from '../sockets/destroy-socket.js';
import { type FrameHost, FrameLink } from '../sockets/frame-link.js';
import { peerAddressOf } from '../sockets/peer-address.js';
import type { TimerEntry } from '../timer-wheel.js';
import { parseGreeting, REFUSALS, WELCOME } from './wording.js';

/** Options of `createTcpAcceptor`. */
export interface TcpAcceptorOptions {
  readonly host: FrameHost;
  readonly limits: Pick<ServerLimits, 'tcpUnattachedMs' | 'tcpPerAddressMax'>;
  /** Connections of all servers of the process. */
  readonly connections: AddressConnections;
  readonly isClosing: () => boolean;
  readonly onLink: (link: LiveLink) => void;
  /**
   * Handles first bytes that are no hello: answers a policy request of Flash. @returns `taken` if it has answered, `more` if the bytes
   * are the start of such a request, `foreign` if they are anything else
   */
  readonly onForeign: (bytes: Uint8Array, socket: Socket) => 'more' | 'taken' | 'foreign';
  readonly onNotice: (code: string, text: string) => void;
}

/** The options, and the state that all accepted connections share. */
interface TcpAcceptor extends TcpAcceptorOptions {
  /** Number of open connections by address, see `addressKey`. */
  readonly counts: Map<string, number>;
}

/**
 * Accepts all connections of a TCP or TLS server as raw TCP (SN-17): the client sends a hello line, the server answers it, and frames
 * follow. One address may have `tcpPerAddressMax` connections, including those in a TLS handshake. Each must carry a session within
 * `tcpUnattachedMs`.
 *
 * @returns a function that takes a server and returns another one, which restores the server; its connections stay open
 */
export function createTcpAcceptor(options: TcpAcceptorOptions): (server: Server) => () => void {
  const acceptor: TcpAcceptor = { ...options, counts: new Map() };
  return (server) => (server instanceof TlsServer ? takeTls(acceptor, server) : takePlain(acceptor, server));
}

function takePlain(acceptor: TcpAcceptor, server: Server): () => void {
  const onConnection = (socket: Socket): void => {
    if (count(acceptor, socket)) new PendingConnection(acceptor, socket).listenTo(socket);
  };
  server.on('connection', onConnection);
  const restore = boundServer(server, acceptor);
  return () => {
    server.removeListener('connection', onConnection);
    restore();
  };
}

/** Counts each connection before its TLS handshake, and reads it from the end of the handshake on. */
function takeTls(acceptor: TcpAcceptor, server: TlsServer): () => void {
  // Connections in their TLS handshake, by `peerAddressOf`, which is equal for the TCP socket and the TLS socket on top of it.
  const handshakes = new Map<string, PendingConnection>();
  const onConnection = (socket: Socket): void => {
    if (!count(acceptor, socket)) return;
    const [peer, arrival] = [peerAddressOf(socket), new PendingConnection(acceptor, socket)];
    handshakes.set(peer, arrival);
    socket.once('close', () => {
      if (handshakes.get(peer) === arrival) handshakes.delete(peer);
    });
  };
  const onSecure = (socket: TLSSocket): void => {
    const peer = peerAddressOf(socket);
    const arrival = handshakes.get(peer);
    handshakes.delete(peer);
    // Undefined if the connection was closed while its handshake ended.
    if (arrival === undefined) socket.destroy();
    else arrival.listenTo(socket);
  };
  // Node only reports a handshake that failed or timed out, and leaves the socket open.
  const onFailed = (_error: Error, socket: TLSSocket): void => void socket.destroy();
  // Prepended, so that it runs before Node's own listener, which starts the handshake.
  server.prependListener('connection', onConnection);
  server.on('secureConnection', onSecure);
  server.on('tlsClientError', onFailed);
  const restore = boundServer(server, acceptor);
  return () => {
    server.removeListener('connection', onConnection);
    server.removeListener('secureConnection', onSecure);
    server.removeListener('tlsClientError', onFailed);
    restore();
  };
}

/** Counts a connection. Returns whether it may stay; otherwise it is closed. */
function count({ counts, connections, limits, onNotice }: TcpAcceptor, socket: Socket): boolean {
  const key = addressKey(socket.remoteAddress ?? '');
  const open = counts.get(key) ?? 0;
  if (open >= limits.tcpPerAddressMax) {
    onNotice('tcp_per_address', `${key} has ${open} TCP connections; more are refused ("limits.tcpPerAddressMax").`);
    socket.destroy();
    return false;
  }
  counts.set(key, open + 1);
  socket.once('close', () => {
    const left = (counts.get(key) ?? 1) - 1;
    if (left > 0) counts.set(key, left);
    else counts.delete(key);
  });
  const exceeded = connections.add(socket, key);
  if (exceeded === null) return true;
  const setting = `limits.connectionsPerAddressMax (${connections.max})`;
  if (exceeded === 'connectionsMax') noticeFull(onNotice, connections.allMax);
  else onNotice('address_full', `${setting}: a TCP connection was closed, because its address has too many.`);
  socket.destroy();
  return false;
}

/** A connection that has not sent its hello line yet. After the line, a `FrameLink` replaces this object. */
class PendingConnection implements TimerEntry, LiveLink {
  wheelNext: TimerEntry | null = null;
  wheelPrevious: TimerEntry | null = null;
  wheelTick = 0;
  readonly #acceptor: TcpAcceptor;
  #socket: Socket;
  readonly #since: number;
  #bytes: Buffer = Buffer.alloc(0);

  constructor(acceptor: TcpAcceptor, socket: Socket) {
    const { host, limits, onLink } = acceptor;
    this.#acceptor = acceptor;
    this.#socket = socket;
    this.#since = host.now();
    socket.on('error', destroySocket);
    socket.on('close', this.#onGone);
    host.wheel.schedule(this, limits.tcpUnattachedMs);
    onLink(this);
  }

  /** Starts reading. `socket` is the given one, or the TLS socket on top of it. */
  listenTo(socket: Socket): void {
    if (socket !== this.#socket) {
      this.#socket.off('close', this.#onGone);
      this.#socket = socket;
      socket.on('error', destroySocket);
      socket.on('close', this.#onGone);
    }
    socket.on('data', this.#onData);
  }

  onTimer(): void {
    this.#acceptor.host.onRefused(1008, 'unattached');
    this.#socket.destroy();
  }

  leave(): void {
    this.#socket.destroy();
  }

  destroy(): void {
    this.#socket.destroy();
  }

  // Functions in fields, because removing a listener requires the same function object.
  readonly #onGone = (): void => this.#leaveIt();
  readonly #onData = (chunk: Buffer): void => {
    const bytes = this.#bytes.length === 0 ? chunk : Buffer.concat([this.#bytes, chunk]);
    const greeting = parseGreeting(bytes);
    switch (greeting.kind) {
      case 'more':
        this.#bytes = bytes;
        return;
      case 'hello':
        this.#onHello(greeting.spoken, bytes.subarray(greeting.end));
        return;
      case 'foreign':
        this.#onForeign(bytes);
    }
  };

  #onHello(spoken: boolean, rest: Buffer): void {
    const { host, limits, isClosing, onLink } = this.#acceptor;
    const socket = this.#socket;
    if (!spoken || isClosing()) {
      this.#end(spoken ? REFUSALS.closing : REFUSALS.unsupported);
      return;
    }
    // The time limit counts from the start of the connection.
    const left = Math.max(1, limits.tcpUnattachedMs - (host.now() - this.#since));
    const facts = { bearer: undefined, origin: undefined, remoteAddress: socket.remoteAddress ?? '' };
    const link = new FrameLink(host, socket, facts, left);
    link.accept(WELCOME);
    onLink(link);
    this.#leaveIt();
    if (rest.length > 0) link.onBytes(rest, rest.length);
  }

  /**
   * Handles first bytes that are no hello. Never sends any of them back, because a page may have made a browser send them
   * (hostile.md T3).
   */
  #onForeign(bytes: Buffer): void {
    const taken = this.#acceptor.onForeign(bytes, this.#socket);
    this.#bytes = bytes;
    if (taken === 'foreign') {
      this.#acceptor.host.onRefused(1002, 'no_hello');
      this.#socket.destroy();
    }
    if (taken === 'taken') this.#end('');
  }

  /** Sends the last text and ignores further bytes. */
  #end(last: string): void {
    this.#socket.off('data', this.#onData);
    this.#socket.resume();
    this.#socket.end(last);
    this.#acceptor.host.wheel.schedule(this, this.#acceptor.host.limits.closeFrameMs);
  }

  /** Removes this object from the socket and the server. */
  #leaveIt(): void {
    const { host } = this.#acceptor;
    this.#socket.off('data', this.#onData);
    this.#socket.off('close', this.#onGone);
    host.wheel.cancel(this);
    host.onLinkGone(this);
  }
}
