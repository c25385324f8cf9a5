import type { Claims, TopicClass } from '@everywire/server';
import type { GatewayHost, GatewayLink, GatewayMember, TimerEntry } from '@everywire/server/internal';
import type { OutgoingEvent } from './outgoing-event.js';
import type { SentLog } from './sent-log.js';

/** Maximum sockets that are away, that is, disconnected but kept because their client may return. */
const AWAY_MAX = 10_000;
/** Maximum bytes of missed packets that are kept for all of these sockets together. */
const AWAY_BYTES_MAX = 64 << 20;

/** The state kept of a socket whose client may return. */
export interface AwayState {
  readonly id: string;
  readonly serial: number;
  readonly claims: Claims;
  readonly data: Record<string, unknown>;
  readonly rooms: readonly string[];
  readonly recoveryId: string;
  readonly log: SentLog;
}

/** A disconnected socket whose client may return. It stays in its rooms, and the packets that it misses are kept. */
export class AwaySocket implements GatewayMember<OutgoingEvent>, TimerEntry {
  wheelNext: TimerEntry | null = null;
  wheelPrevious: TimerEntry | null = null;
  wheelTick = 0;

  readonly serial: number;
  readonly absent: AwayState;
  readonly #all: AwaySockets;
  readonly #onEnd: (socket: AwaySocket) => void;

  constructor(all: AwaySockets, absent: AwayState, onEnd: (socket: AwaySocket) => void) {
    this.#all = all;
    this.serial = absent.serial;
    this.absent = absent;
    this.#onEnd = onEnd;
  }

  deliver(packet: OutgoingEvent, topicClass: TopicClass): void {
    if (!packet.isFor(this) || topicClass === 'ephemeral') return;
    const { log } = this.absent;
    const before = log.bytes;
    log.add(packet);
    this.#all.grow(log.bytes - before);
  }

  /** Ends this socket, because the time to return is over or another socket takes its place. */
  end(): void {
    if (this.#all.remove(this)) this.#onEnd(this);
  }

  onTimer(): void {
    this.end();
  }
}

/** All sockets that are away. They have their own limits, so that they do not displace connected clients. */
export class AwaySockets implements GatewayLink {
  readonly #host: GatewayHost;
  readonly #sockets: Set<AwaySocket> = new Set();
  #bytes = 0;

  constructor(host: GatewayHost) {
    this.#host = host;
  }

  add(socket: AwaySocket, forMs: number): void {
    if (this.#sockets.size === 0) this.#host.add(this, null);
    this.#sockets.add(socket);
    const { claims, log } = socket.absent;
    const leftMs = (claims.expiresAt ?? Number.POSITIVE_INFINITY) - Date.now();
    this.#host.wheel.schedule(socket, Math.max(1, Math.min(forMs, leftMs)));
    this.grow(log.bytes);
  }

  /** Adds to the number of kept bytes. When a limit is exceeded, ends the socket that is away longest. */
  grow(bytes: number): void {
    this.#bytes += bytes;
    for (const oldest of this.#sockets) {
      if (this.#sockets.size <= AWAY_MAX && this.#bytes <= AWAY_BYTES_MAX) return;
      oldest.end();
    }
  }

  /** Removes a socket. Returns whether it was away. */
  remove(socket: AwaySocket): boolean {
    if (!this.#sockets.delete(socket)) return false;
    this.#bytes -= socket.absent.log.bytes;
    this.#host.wheel.cancel(socket);
    if (this.#sockets.size === 0) this.#host.remove(this);
    return true;
  }

  revoke(match: (claims: Claims) => boolean): number {
    const revoked = [...this.#sockets].filter(({ absent }) => match(absent.claims));
    for (const socket of revoked) socket.end();
    return revoked.length;
  }

  stop(): void {
    for (const socket of this.#sockets) socket.end();
  }

  destroy(): void {
    this.stop();
  }
}
