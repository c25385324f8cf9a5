import type { Server, Socket } from 'node:net';
import { Server as TlsServer } from 'node:tls';
import { addressKey } from '../addresses/remote-address.js';
import type { LiveLink } from '../gathering/link-host.js';
import type { ServerLimits } from '../limits.js';
import { type FrameHost, FrameLink } from '../sockets/frame-link.js';
import type { WheelEntry } from '../tick-wheel.js';
import { parseGreeting, REFUSALS, WELCOME } from './wording.js';

export interface TcpEntranceOptions {
  readonly host: FrameHost;
  readonly limits: Pick<ServerLimits, 'tcpUnattachedMs' | 'tcpPerAddressMax'>;
  readonly isClosing: () => boolean;
  readonly onLink: (link: LiveLink) => void;
  /** Answers what is no hello, if it is known: a policy request of Flash. @returns `more` where it may still become one */
  readonly onForeign: (bytes: Uint8Array, socket: Socket) => 'more' | 'taken' | 'foreign';
  readonly onNotice: (code: string, text: string) => void;
}

/** Connections of one address, and those that have not said hello yet. */
interface Entrance extends TcpEntranceOptions {
  readonly counts: Map<string, number>;
}

/**
 * Takes every connection of a TCP or TLS server (SN-17): hello, then frames. An address has at most `tcpPerAddressMax` of them, those
 * that are in the middle of a TLS handshake too, and each has `tcpUnattachedMs` until it carries a session.
 *
 * @returns gives the server back; its connections go on.
 */
export function createTcpEntrance(options: TcpEntranceOptions): (server: Server) => () => void {
  const entrance: Entrance = { ...options, counts: new Map() };
  return (server) => {
    const onConnection = (socket: Socket): void => count(entrance, socket);
    const onReady = (socket: Socket): void => {
      if (!socket.destroyed) options.onLink(new Arrival(entrance, socket));
    };
    const ready = server instanceof TlsServer ? 'secureConnection' : 'connection';
    // In front of the listener that begins a TLS handshake.
    server.prependListener('connection', onConnection);
    server.on(ready, onReady);
    return () => {
      server.removeListener('connection', onConnection);
      server.removeListener(ready, onReady);
    };
  };
}

function count({ counts, limits, onNotice }: Entrance, socket: Socket): void {
  const key = addressKey(socket.remoteAddress ?? '');
  const open = counts.get(key) ?? 0;
  if (open >= limits.tcpPerAddressMax) {
    onNotice('tcp_per_address', `${key} has ${open} TCP connections; more are refused ("limits.tcpPerAddressMax").`);
    socket.destroy();
    return;
  }
  counts.set(key, open + 1);
  socket.once('close', () => {
    const left = (counts.get(key) ?? 1) - 1;
    if (left > 0) counts.set(key, left);
    else counts.delete(key);
  });
}

/** A connection whose first bytes are awaited. What it becomes takes its place. */
class Arrival implements WheelEntry, LiveLink {
  wheelNext: WheelEntry | null = null;
  wheelPrevious: WheelEntry | null = null;
  wheelTick = 0;
  readonly #entrance: Entrance;
  readonly #socket: Socket;
  readonly #since: number;
  #bytes: Buffer = Buffer.alloc(0);

  constructor(entrance: Entrance, socket: Socket) {
    const { host, limits } = entrance;
    this.#entrance = entrance;
    this.#socket = socket;
    this.#since = host.now();
    socket.on('data', this.#onData);
    socket.on('error', onSocketError);
    socket.on('close', this.#onGone);
    host.wheel.schedule(this, limits.tcpUnattachedMs);
  }

  onWheel(): void {
    this.#entrance.host.onRefused(1008, 'unattached');
    this.#socket.destroy();
  }

  leave(): void {
    this.#socket.destroy();
  }

  destroy(): void {
    this.#socket.destroy();
  }

  // As fields, so that they can be taken off again.
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
    const { host, limits, isClosing, onLink } = this.#entrance;
    const socket = this.#socket;
    if (!spoken || isClosing()) {
      this.#end(spoken ? REFUSALS.closing : REFUSALS.unsupported);
      return;
    }
    const left = Math.max(1, limits.tcpUnattachedMs - (host.now() - this.#since));
    const facts = { bearer: undefined, origin: undefined, remoteAddress: socket.remoteAddress ?? '' };
    const link = new FrameLink(host, socket, facts, left);
    link.accept(WELCOME);
    onLink(link);
    this.#leaveIt();
    if (rest.length > 0) link.onBytes(rest, rest.length);
  }

  /** Nothing of what came is sent back: a browser may have been made to send it (hostile.md T3). */
  #onForeign(bytes: Buffer): void {
    const taken = this.#entrance.onForeign(bytes, this.#socket);
    this.#bytes = bytes;
    if (taken === 'foreign') {
      this.#entrance.host.onRefused(1002, 'no_hello');
      this.#socket.destroy();
    }
    if (taken === 'taken') this.#end('');
  }

  /** Says it, and takes no more. */
  #end(last: string): void {
    this.#socket.off('data', this.#onData);
    this.#socket.resume();
    this.#socket.end(last);
    this.#entrance.host.wheel.schedule(this, this.#entrance.host.limits.closeFrameMs);
  }

  #leaveIt(): void {
    const { host } = this.#entrance;
    this.#socket.off('data', this.#onData);
    this.#socket.off('close', this.#onGone);
    host.wheel.cancel(this);
    host.onLinkGone(this);
  }
}

/** `close` follows. */
function onSocketError(): void {}
