const NEVER = Number.POSITIVE_INFINITY;

/**
 * Decides when a session without a link (a connection or request of the client) tries the next one (SN-12). All times
 * are milliseconds of the shell's clock.
 */
export class Backoff {
  readonly #random: () => number;
  /**
   * The number of consecutive down links that failed before they were useful, and the time since which there is no
   * link.
   */
  #failures = 0;
  #lostAt: number = NEVER;
  #dueAt = 0;

  /** @param random uniform in [0, 1), for jitter */
  constructor(random: () => number) {
    this.#random = random;
  }

  /** When the next link is due; `Infinity` while resting until `wake`. */
  get dueAt(): number {
    return this.#dueAt;
  }

  /** Whether no link is tried before `wake`. */
  get isResting(): boolean {
    return this.#dueAt === NEVER;
  }

  /** Schedules the next link. */
  tryAt(at: number): void {
    this.#dueAt = at;
  }

  /** Stops all attempts until `wake`. */
  rest(): void {
    this.#dueAt = NEVER;
  }

  /** Tries again immediately, because the network may be back. */
  wake(now: number): void {
    this.#dueAt = now;
    this.#lostAt = NEVER;
  }

  /** Records that data arrived, so the network is up. Only `succeeded` resets the pauses. */
  heard(): void {
    this.#lostAt = NEVER;
  }

  /** Resets the pauses, because a link has carried the session for a while. */
  succeeded(): void {
    this.#failures = 0;
  }

  /** Records a failed link and schedules the next. @param since when the failed link began */
  failed(since: number, now: number): void {
    this.#failures += 1;
    this.#lostAt = Math.min(this.#lostAt, now);
    this.#dueAt = this.againAt(since, this.#failures, now);
  }

  /**
   * Returns when to retry. The pause counts from the start of a failed attempt that waited for its answer. Otherwise
   * the last attempt of an outage plus the pause after it would exceed the time that SN-15 allows.
   */
  againAt(since: number, failures: number, now: number): number {
    return Math.max(since + this.pauseMs(failures, now), now + this.pauseMs(1, now));
  }

  /**
   * Returns a pause with jitter from the first retry on. It grows with the outage, so that a short outage is not
   * prolonged.
   */
  pauseMs(failures: number, now: number): number {
    const longest = Math.max(1000, Math.min(30_000, (now - this.#lostAt) / 60));
    return Math.min(longest, 50 * 2 ** failures) * (0.5 + this.#random() / 2);
  }
}
