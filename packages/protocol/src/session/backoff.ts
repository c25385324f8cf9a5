const never = Number.POSITIVE_INFINITY;

/** When a session without a link tries the next one (SN-12). Milliseconds of the shell's clock. */
export class Backoff {
  readonly #random: () => number;
  /** Down links that failed in a row without use, and since when there is none. */
  #failures = 0;
  #lostAt: number = never;
  #dueAt = 0;

  /** @param random uniform in [0, 1): jitter */
  constructor(random: () => number) {
    this.#random = random;
  }

  /** `Infinity` while nothing is to be tried before `wake`. */
  get dueAt(): number {
    return this.#dueAt;
  }

  get isResting(): boolean {
    return this.#dueAt === never;
  }

  tryAt(at: number): void {
    this.#dueAt = at;
  }

  rest(): void {
    this.#dueAt = never;
  }

  /** Something happened that may have brought the network back. */
  wake(now: number): void {
    this.#dueAt = now;
    this.#lostAt = never;
  }

  /** Something came by a link: the network is there. Whether the pauses begin anew is the proven life's to say. */
  heard(): void {
    this.#lostAt = never;
  }

  /** A link has carried the session for a while. */
  succeeded(): void {
    this.#failures = 0;
  }

  /** A link failed. @param since when it was begun */
  failed(since: number, now: number): void {
    this.#failures += 1;
    this.#lostAt = Math.min(this.#lostAt, now);
    this.#dueAt = this.againAt(since, this.#failures, now);
  }

  /**
   * When what failed is tried again. A try that waited for its answer has done its waiting: otherwise the last one that an outage
   * swallowed, and the pause behind it, would outlive the outage by more than SN-15 allows.
   */
  againAt(since: number, failures: number, now: number): number {
    return Math.max(since + this.pauseMs(failures, now), now + this.pauseMs(1, now));
  }

  /** It has jitter from the first retry and stays short for a while, so that a short outage costs little more. */
  pauseMs(failures: number, now: number): number {
    const longest = Math.max(1000, Math.min(30_000, (now - this.#lostAt) / 60));
    return Math.min(longest, 50 * 2 ** failures) * (0.5 + this.#random() / 2);
  }
}
