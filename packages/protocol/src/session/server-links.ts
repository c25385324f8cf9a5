import { type SessionLimits, type SessionTimes, shortPollMostMs, supersededLinksMax } from '../limits.js';
import type { AttachRecord } from '../record.js';
import type { ServerLink } from './server-link.js';

/** What another node goes on with (SN-24). Durations in milliseconds. */
export interface LinksSnapshot {
  readonly top: number;
  readonly instance: number;
  readonly hidden: boolean;
  /** Since a carrier was heard. */
  readonly silentMs: number;
  /** Pause between polls that are not held, and since when one was taken (SN-34). Absent where there was none. */
  readonly everyMs?: number;
  readonly polledMs?: number | undefined;
}

const NONE: readonly never[] = [];
const never = Number.POSITIVE_INFINITY;

/**
 * The links of one session at the server: which one is written to, which are only read any more, and when each of them has been
 * silent for too long (SN-9, SN-10, SN-15). Milliseconds of the shell's clock.
 */
export class ServerLinks {
  readonly #times: SessionTimes;
  readonly #limits: SessionLimits;
  /** Highest attach number, and the instance of the client that used it; -1 for none. */
  #top = 0;
  #instance = -1;
  #down: ServerLink | null = null;
  /** Superseded two-way links that are still read. */
  #old: readonly ServerLink[] = NONE;
  #heardAt: number;
  #hidden = false;
  /** Pause between the polls of a client that are not held, and when one was taken last (SN-34). */
  #everyMs = 0;
  #polledAt: number | null = null;
  /** An acknowledgement nobody could read is to be repeated downwards by then (SN-6); 0 for none. */
  #urgentAt = 0;

  constructor(limits: SessionLimits, times: SessionTimes, now: number) {
    this.#limits = limits;
    this.#times = times;
    this.#heardAt = now;
  }

  get top(): number {
    return this.#top;
  }

  get instance(): number {
    return this.#instance;
  }

  /** The one written to; `null` between polls. */
  get down(): ServerLink | null {
    return this.#down;
  }

  get old(): readonly ServerLink[] {
    return this.#old;
  }

  /** Every one that is open, a copy. */
  get all(): readonly ServerLink[] {
    return this.#down === null ? this.#old : [...this.#old, this.#down];
  }

  /** Some carrier of the session brought something. */
  heard(now: number): void {
    this.#heardAt = now;
  }

  /** Whether the client has attached another link since, or a copy of it has (SN-9). */
  isOutrun({ n, instance }: AttachRecord): boolean {
    return n < this.#top || (n === this.#top && instance !== this.#instance);
  }

  /** Takes note of an attach that is not outrun, whose link is written to from `use` on. */
  attach({ n, instance, every = 0 }: AttachRecord): void {
    this.#top = n;
    this.#instance = instance;
    this.#everyMs = Math.min(shortPollMostMs, every);
  }

  use(link: ServerLink): void {
    if (this.#old !== NONE) this.#old = this.#old.filter((old) => old !== link);
    this.#down = link;
  }

  /** Goes on reading a two-way link for a while. @returns the one that is too many, if any (SN-10) */
  retire(link: ServerLink, now: number): ServerLink | undefined {
    link.dueAt = now + this.#times.supersededMs;
    this.#old = [...this.#old, link];
    return this.#old.length > supersededLinksMax ? this.#old[0] : undefined;
  }

  /** Forgets a link. @returns whether it was the one written to */
  remove(link: ServerLink): boolean {
    if (this.#old !== NONE) this.#old = this.#old.filter((old) => old !== link);
    if (this.#down !== link) return false;
    this.#down = null;
    return true;
  }

  /** A hidden page gets the longer heartbeat. @returns whether that is news */
  hide(hidden: boolean, now: number): boolean {
    if (this.#hidden === hidden) return false;
    this.#hidden = hidden;
    if (this.#down && !hidden) this.#down.dueAt = Math.min(this.#down.dueAt, now + this.heartbeatMs);
    return true;
  }

  get heartbeatMs(): number {
    return this.#hidden ? this.#limits.heartbeatHiddenMs : this.#limits.heartbeatMs;
  }

  /** Takes a poll that is not held, or says how many milliseconds it is too early (SN-34); then nothing is noted. */
  takePoll(leastMs: number, now: number): number {
    const early = (this.#polledAt ?? -never) + leastMs - now;
    if (early > 0) return early;
    this.#polledAt = now;
    return 0;
  }

  /** Counts are to be repeated downwards soon. @returns when */
  hurry(now: number): number {
    this.#urgentAt = now + this.#times.urgentMs;
    return this.#urgentAt;
  }

  isUrgent(now: number): boolean {
    return this.#urgentAt !== 0 && now >= this.#urgentAt;
  }

  countsTold(): void {
    this.#urgentAt = 0;
  }

  /** What the down link needs: nothing, a ping, or an end, because its client does not live or hears nothing (SN-15). */
  check(now: number): 'alive' | 'ping' | 'silent' {
    const down = this.#down;
    if (down === null || down.kind === 'poll') return 'alive';
    if (now >= this.#silentAt(down)) return 'silent';
    if (now < down.dueAt) return 'alive';
    down.dueAt = now + this.heartbeatMs;
    return 'ping';
  }

  /** Nobody has been heard for so long that nobody will (SN-15). */
  isExpired(now: number): boolean {
    return now >= this.#expiresAt;
  }

  get dueAt(): number {
    let due = this.#expiresAt;
    for (const link of this.#old) due = Math.min(due, link.dueAt);
    const down = this.#down;
    if (down === null) return due;
    return Math.min(due, this.#urgentAt || due, down.dueAt, down.kind === 'poll' ? due : this.#silentAt(down));
  }

  snapshot(now: number): LinksSnapshot {
    const polledMs = this.#polledAt === null ? undefined : now - this.#polledAt;
    return {
      ...{ top: this.#top, instance: this.#instance, hidden: this.#hidden },
      ...{ silentMs: now - this.#heardAt, everyMs: this.#everyMs, polledMs },
    };
  }

  restore(from: LinksSnapshot, now: number): void {
    this.#top = from.top;
    this.#instance = from.instance;
    this.#hidden = from.hidden;
    this.#everyMs = from.everyMs ?? 0;
    this.#polledAt = from.polledMs === undefined ? null : now - from.polledMs;
    this.#heardAt = now - from.silentMs;
  }

  /** What a stream carries down is answered by POST, so any carrier of the session shows that its client lives. */
  #silentAt(down: ServerLink): number {
    return (down.kind === 'duplex' ? down.heardAt : this.#heardAt) + this.heartbeatMs * 1.5;
  }

  get #expiresAt(): number {
    return this.#heardAt + Math.max(this.#times.lifeMs, 3 * this.heartbeatMs, 3 * this.#everyMs);
  }
}
