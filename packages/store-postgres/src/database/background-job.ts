interface BackgroundJobOptions {
  /** Time between two runs while there is more to do, ms. */
  readonly pauseMs: number;
  /**
   * Time to the next check when there was nothing to do or a run failed, ms. Such a check finds work that another node
   * has left behind.
   */
  readonly lookMs: number;
  /** Runs one step of the work; resolves with `false` if there was none. */
  readonly run: () => Promise<boolean>;
}

/**
 * A background job that works in small steps until nothing is left. The database records the pending work, so no work
 * is lost when a node ends, and the job retries a failed step at its next check.
 */
export class BackgroundJob {
  readonly #options: BackgroundJobOptions;
  #timer: NodeJS.Timeout | null = null;
  #wakesAt = Number.POSITIVE_INFINITY;
  /** The run in progress. */
  #turn: Promise<void> | null = null;
  /** Whether `wake` was called during the run, which may have missed the new work. */
  #again = false;
  #isClosed = false;

  /** Schedules the first check. */
  constructor(options: BackgroundJobOptions) {
    this.#options = options;
    this.wake();
  }

  /** Schedules a run in `after` ms, unless an earlier one is scheduled. */
  wake(after: number = this.#options.pauseMs): void {
    if (this.#turn !== null) this.#again = true;
    const at = performance.now() + after;
    if (this.#isClosed || this.#turn !== null || at >= this.#wakesAt) return;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#wakesAt = at;
    this.#timer = setTimeout(() => {
      this.#wakesAt = Number.POSITIVE_INFINITY;
      this.#again = false;
      this.#turn = this.#run().then((next) => {
        this.#turn = null;
        this.wake(next);
      });
    }, after).unref();
  }

  /** Stops the job; resolves when no step is in flight. */
  async close(): Promise<void> {
    this.#isClosed = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
    await this.#turn;
  }

  /** Resolves with the time to the next run, ms. */
  async #run(): Promise<number> {
    const { pauseMs, lookMs, run } = this.#options;
    const found = await run().catch(() => false);
    return found || this.#again ? pauseMs : lookMs;
  }
}
