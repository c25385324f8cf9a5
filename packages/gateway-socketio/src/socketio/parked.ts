import type { Claims, TopicClass } from '@everywire/server';
import type { GatewayHost, GatewayLink, GatewayMember, WheelEntry } from '@everywire/server/internal';
import type { Outgoing } from './outgoing.js';
import type { SentLog } from './sent-log.js';

/** What is kept of a socket whose client may come back. */
export interface Absent {
  readonly id: string;
  readonly serial: number;
  readonly claims: Claims;
  readonly data: Record<string, unknown>;
  readonly rooms: readonly string[];
  readonly recoveryId: string;
  readonly log: SentLog;
}

/** A socket whose client may come back: it is still in its rooms, and what it misses is kept. */
export class Parked implements GatewayLink, GatewayMember<Outgoing>, WheelEntry {
  wheelNext: WheelEntry | null = null;
  wheelPrevious: WheelEntry | null = null;
  wheelTick = 0;

  readonly serial: number;
  readonly absent: Absent;
  readonly #host: GatewayHost;
  readonly #onEnd: (parked: Parked) => void;

  constructor(host: GatewayHost, absent: Absent, forMs: number, onEnd: (parked: Parked) => void) {
    this.#host = host;
    this.serial = absent.serial;
    this.absent = absent;
    this.#onEnd = onEnd;
    host.add(this);
    const leftMs = (absent.claims.expiresAt ?? Number.POSITIVE_INFINITY) - Date.now();
    host.wheel.schedule(this, Math.max(1, Math.min(forMs, leftMs)));
  }

  deliver(packet: Outgoing, topicClass: TopicClass): void {
    if (packet.isFor(this) && topicClass !== 'ephemeral') this.absent.log.add(packet);
  }

  /** It is over, or another socket takes its place. */
  end(): void {
    this.#host.wheel.cancel(this);
    this.#host.remove(this);
    this.#onEnd(this);
  }

  revoke(match: (claims: Claims) => boolean): number {
    if (!match(this.absent.claims)) return 0;
    this.end();
    return 1;
  }

  stop(): void {
    this.end();
  }

  destroy(): void {
    this.end();
  }

  onWheel(): void {
    this.end();
  }
}
