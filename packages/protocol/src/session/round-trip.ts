/** How long an answer of the server takes on this path. Milliseconds. */
export class RoundTrip {
  /** Smoothed; `null` before the first answer. */
  #ms: number | null = null;
  #sampledAt = 0;
  /** Answers in a row that did not come in time. */
  #timeouts = 0;

  /** What was measured, smoothed; `null` before the first answer. */
  get ms(): number | null {
    return this.#ms;
  }

  /** When it was measured last. */
  get sampledAt(): number {
    return this.#sampledAt;
  }

  get estimateMs(): number {
    return this.#ms ?? 1000;
  }

  /**
   * How long an answer is waited for: two round trips and 500 ms. More after answers that did not come: the path may be slower than
   * it was; but for a while not much more, so that an outage is not outlived by the wait for a try that began in it.
   */
  get patienceMs(): number {
    const tries = Math.max(Math.min(this.#timeouts, 2), this.#timeouts - 6);
    return Math.min(10_000, (2 * this.estimateMs + 500) * 1.5 ** tries);
  }

  /** An answer came that took so long. */
  sample(ms: number, now: number): void {
    this.#timeouts = 0;
    this.#sampledAt = now;
    const before = this.#ms ?? ms;
    this.#ms = before + (ms - before) / (ms > before ? 2 : 8);
  }

  timedOut(): void {
    this.#timeouts += 1;
  }
}
