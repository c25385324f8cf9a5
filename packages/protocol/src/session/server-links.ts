import { type SessionLimits, type SessionTimes, SHORT_POLL_MOST_MS, SUPERSEDED_LINKS_MAX } from '../limits.js';
import type { AttachRecord } from '../record.js';
import type { ServerLink } from './server-link.js';

/** State that a hand-over moves to another node (SN-24). Durations in milliseconds. */
export interface LinksSnapshot {
  readonly top: number;
  readonly instance: number;
  readonly hidden: boolean;
  /** Time since a carrier brought data. */
  readonly silentMs: number;
  /** Pause between polls that are not held, and time since the last one (SN-34). Absent if there was none. */
  readonly everyMs?: number;
  readonly polledMs?: number | undefined;
}

const NONE: readonly never[] = [];
const NEVER = Number.POSITIVE_INFINITY;

/**
 * Tracks the links of one session at the server: which one is written to, which are only still read, and when each has
 * been silent for too long (SN-9, SN-10, SN-15). Milliseconds of the shell's clock.
 */
export class ServerLinks {
  readonly #times: SessionTimes;
  readonly #limits: SessionLimits;
  /** Highest attach number, and the client instance that used it; -1 for none. */
  #top = 0;
  #instance = -1;
  #down: ServerLink | null = null;
  /** Whether the latest down link was two-way. */
  #wasDuplex = false;
  /** Superseded two-way links that are still read. */
  #old: readonly ServerLink[] = NONE;
  #heardAt: number;
  #hidden = false;
  /** Pause between polls that are not held, and when the last one was accepted (SN-34). */
  #everyMs = 0;
  #polledAt: number | null = null;
  /** When to repeat on the down link an acknowledgement that the client could not read elsewhere (SN-6); 0 for never. */
  #urgentAt = 0;

  constructor(limits: SessionLimits, times: SessionTimes, now: number) {
    this.#limits = limits;
    this.#times = times;
    this.#heardAt = now;
  }

  /** Highest attach number. */
  get top(): number {
    return this.#top;
  }

  /** The client instance that used the highest attach number; -1 for none. */
  get instance(): number {
    return this.#instance;
  }

  /** The link written to; `null` between polls. */
  get down(): ServerLink | null {
    return this.#down;
  }

  /** Superseded two-way links that are still read. */
  get old(): readonly ServerLink[] {
    return this.#old;
  }

  /** A copy of the list of open links. */
  get all(): readonly ServerLink[] {
    return this.#down === null ? this.#old : [...this.#old, this.#down];
  }

  /** Records that a carrier of the session brought data. */
  heard(now: number): void {
    this.#heardAt = now;
  }

  /** Returns whether this attach is stale: the client, or a copy of it, has attached another link since (SN-9). */
  isOutrun({ n, instance }: AttachRecord): boolean {
    return n < this.#top || (n === this.#top && instance !== this.#instance);
  }

  /** Records an attach that is not stale. The link is written to after `use`. */
  attach({ n, instance, every = 0 }: AttachRecord): void {
    this.#top = n;
    this.#instance = instance;
    this.#everyMs = Math.min(SHORT_POLL_MOST_MS, every);
  }

  /** Makes a link the one written to. */
  use(link: ServerLink): void {
    if (this.#old !== NONE) this.#old = this.#old.filter((old) => old !== link);
    this.#down = link;
    this.#wasDuplex = link.kind === 'duplex';
  }

  /** Keeps reading a superseded two-way link for a while. @returns the oldest one if there are too many (SN-10) */
  retire(link: ServerLink, now: number): ServerLink | undefined {
    link.dueAt = now + this.#times.supersededMs;
    this.#old = [...this.#old, link];
    return this.#old.length > SUPERSEDED_LINKS_MAX ? this.#old[0] : undefined;
  }

  /** Removes a link. @returns whether it was the one written to */
  remove(link: ServerLink): boolean {
    if (this.#old !== NONE) this.#old = this.#old.filter((old) => old !== link);
    if (this.#down !== link) return false;
    this.#down = null;
    return true;
  }

  /** Sets whether the page is hidden, which makes the heartbeat longer. @returns whether it changed */
  hide(hidden: boolean, now: number): boolean {
    if (this.#hidden === hidden) return false;
    this.#hidden = hidden;
    if (this.#down && !hidden) this.#down.dueAt = Math.min(this.#down.dueAt, now + this.heartbeatMs);
    return true;
  }

  /** Interval of pings, and the longest time for which a poll waits for messages, in milliseconds. */
  get heartbeatMs(): number {
    return this.#hidden ? this.#limits.heartbeatHiddenMs : this.#limits.heartbeatMs;
  }

  /** Accepts a poll that is not held and returns 0, or returns by how many milliseconds it is too early (SN-34). */
  takePoll(leastMs: number, now: number): number {
    const early = (this.#polledAt ?? -NEVER) + leastMs - now;
    if (early > 0) return early;
    this.#polledAt = now;
    return 0;
  }

  /** Schedules counts to be repeated downstream soon. @returns when */
  hurry(now: number): number {
    this.#urgentAt = now + this.#times.urgentMs;
    return this.#urgentAt;
  }

  /** Returns whether counts must be repeated now. */
  isUrgent(now: number): boolean {
    return this.#urgentAt !== 0 && now >= this.#urgentAt;
  }

  /** Records that counts were sent downstream. */
  countsSent(): void {
    this.#urgentAt = 0;
  }

  /** Returns whether the down link needs nothing, a ping, or an end because its client is silent (SN-15). */
  check(now: number): 'alive' | 'ping' | 'silent' {
    const down = this.#down;
    if (down === null || down.kind === 'poll') return 'alive';
    if (now >= this.#silentAt(down)) return 'silent';
    if (now < down.dueAt) return 'alive';
    down.dueAt = now + this.heartbeatMs;
    return 'ping';
  }

  /** Returns whether the session has had no carrier for its whole life time (SN-15). */
  isExpired(now: number): boolean {
    return now >= this.#expiresAt;
  }

  /**
   * Returns whether the client is expected to send another request, as between two polls. A client of a two-way link
   * sends none while the link exists, and a stopping server refuses it a new one (TR-20).
   */
  isRequestDue(now: number): boolean {
    return !this.#wasDuplex && !this.isExpired(now);
  }

  /** When one of the links is due. */
  get dueAt(): number {
    let due = this.#expiresAt;
    for (const link of this.#old) due = Math.min(due, link.dueAt);
    const down = this.#down;
    if (down === null) return due;
    return Math.min(due, this.#urgentAt || due, down.dueAt, down.kind === 'poll' ? due : this.#silentAt(down));
  }

  /** Returns the state for a hand-over. */
  snapshot(now: number): LinksSnapshot {
    const polledMs = this.#polledAt === null ? undefined : now - this.#polledAt;
    return {
      top: this.#top,
      instance: this.#instance,
      hidden: this.#hidden,
      silentMs: now - this.#heardAt,
      everyMs: this.#everyMs,
      polledMs,
    };
  }

  /** Restores the state of a hand-over. */
  restore(from: LinksSnapshot, now: number): void {
    this.#top = from.top;
    this.#instance = from.instance;
    this.#hidden = from.hidden;
    this.#everyMs = from.everyMs ?? 0;
    this.#polledAt = from.polledMs === undefined ? null : now - from.polledMs;
    this.#heardAt = now - from.silentMs;
  }

  /**
   * Returns when the link counts as silent. For a stream, any carrier of the session proves that its client is alive,
   * because the client answers pings by POST.
   */
  #silentAt(down: ServerLink): number {
    return (down.kind === 'duplex' ? down.heardAt : this.#heardAt) + this.heartbeatMs * 1.5;
  }

  get #expiresAt(): number {
    return this.#heardAt + Math.max(this.#times.lifeMs, 3 * this.heartbeatMs, 3 * this.#everyMs);
  }
}
