/** Estimates how long an answer of the server takes, in milliseconds. */
export class RoundTrip {
  /** The smoothed duration; `null` before the first answer. */
  #ms: number | null = null;
  #sampledAt = 0;
  /** Consecutive answers that timed out. */
  #timeouts = 0;

  /** The smoothed measurement; `null` before the first answer. */
  get ms(): number | null {
    return this.#ms;
  }

  /** When the last measurement was made. */
  get sampledAt(): number {
    return this.#sampledAt;
  }

  /** The estimate, with a default before the first answer. */
  get estimateMs(): number {
    return this.#ms ?? 1000;
  }

  /**
   * Timeout of an answer: two round trips and 500 ms. It grows after timeouts, because the path may have become slower,
   * but at first only a little, so that an attempt that began in an outage does not wait much beyond its end.
   */
  get patienceMs(): number {
    const tries = Math.max(Math.min(this.#timeouts, 2), this.#timeouts - 6);
    return Math.min(10_000, (2 * this.estimateMs + 500) * 1.5 ** tries);
  }

  /** Records the duration of a round trip. */
  sample(ms: number, now: number): void {
    this.#timeouts = 0;
    this.#sampledAt = now;
    const before = this.#ms ?? ms;
    this.#ms = before + (ms - before) / (ms > before ? 2 : 8);
  }

  /** Records that an answer timed out. */
  timedOut(): void {
    this.#timeouts += 1;
  }
}
