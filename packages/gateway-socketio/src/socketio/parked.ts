import type { Claims, TopicClass } from '@everywire/server';
import type { GatewayHost, GatewayLink, GatewayMember, TimerEntry } from '@everywire/server/internal';
import type { OutgoingEvent } from './outgoing-event.js';
import type { SentLog } from './sent-log.js';

/** The most sockets that may be away. */
const AWAY_MAX = 10_000;
/** The most bytes kept for all of them. */
const AWAY_BYTES_MAX = 64 << 20;

/** The state kept of a socket whose client may return. */
export interface Absent {
  readonly id: string;
  readonly serial: number;
  readonly claims: Claims;
  readonly data: Record<string, unknown>;
  readonly rooms: readonly string[];
  readonly recoveryId: string;
  readonly log: SentLog;
}

/** A socket whose client may return: it stays in its rooms, and missed packets are kept. */
export class Parked implements GatewayMember<OutgoingEvent>, TimerEntry {
  wheelNext: TimerEntry | null = null;
  wheelPrevious: TimerEntry | null = null;
  wheelTick = 0;

  readonly serial: number;
  readonly absent: Absent;
  readonly #lot: ParkingLot;
  readonly #onEnd: (parked: Parked) => void;

  constructor(lot: ParkingLot, absent: Absent, onEnd: (parked: Parked) => void) {
    this.#lot = lot;
    this.serial = absent.serial;
    this.absent = absent;
    this.#onEnd = onEnd;
  }

  deliver(packet: OutgoingEvent, topicClass: TopicClass): void {
    if (!packet.isFor(this) || topicClass === 'ephemeral') return;
    const { log } = this.absent;
    const before = log.bytes;
    log.add(packet);
    this.#lot.grow(log.bytes - before);
  }

  /** Ends the parked socket, when it has expired or another socket takes its place. */
  end(): void {
    if (this.#lot.remove(this)) this.#onEnd(this);
  }

  onTimer(): void {
    this.end();
  }
}

/** All parked sockets. They have their own limits, so that they do not displace connected clients. */
export class ParkingLot implements GatewayLink {
  readonly #host: GatewayHost;
  readonly #parked: Set<Parked> = new Set();
  #bytes = 0;

  constructor(host: GatewayHost) {
    this.#host = host;
  }

  add(parked: Parked, forMs: number): void {
    if (this.#parked.size === 0) this.#host.add(this);
    this.#parked.add(parked);
    const { claims, log } = parked.absent;
    const leftMs = (claims.expiresAt ?? Number.POSITIVE_INFINITY) - Date.now();
    this.#host.wheel.schedule(parked, Math.max(1, Math.min(forMs, leftMs)));
    this.grow(log.bytes);
  }

  /** Adds to the size; when the limit is exceeded, evicts the socket that is away longest. */
  grow(bytes: number): void {
    this.#bytes += bytes;
    for (const oldest of this.#parked) {
      if (this.#parked.size <= AWAY_MAX && this.#bytes <= AWAY_BYTES_MAX) return;
      oldest.end();
    }
  }

  /** Removes a socket. Returns whether it was parked. */
  remove(parked: Parked): boolean {
    if (!this.#parked.delete(parked)) return false;
    this.#bytes -= parked.absent.log.bytes;
    this.#host.wheel.cancel(parked);
    if (this.#parked.size === 0) this.#host.remove(this);
    return true;
  }

  revoke(match: (claims: Claims) => boolean): number {
    const revoked = [...this.#parked].filter(({ absent }) => match(absent.claims));
    for (const parked of revoked) parked.end();
    return revoked.length;
  }

  stop(): void {
    for (const parked of this.#parked) parked.end();
  }

  destroy(): void {
    this.stop();
  }
}
