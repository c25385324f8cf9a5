interface BackgroundJobOptions {
  /** Time between two runs while there is more to do, ms. */
  readonly pauseMs: number;
  /** Time between two checks for work left behind by other nodes, and after a failed run, ms. */
  readonly lookMs: number;
  /** Runs one step; resolves with whether there was work. */
  readonly run: () => Promise<boolean>;
}

/**
 * A background job that works in small steps until nothing is left. The pending work is stored in the database, so no
 * work is lost with a node, and a failed step is retried at the next check.
 */
export class BackgroundJob {
  readonly #options: BackgroundJobOptions;
  #timer: NodeJS.Timeout | null = null;
  #wakesAt = Number.POSITIVE_INFINITY;
  #turn: Promise<void> | null = null;
  #again = false;
  #isClosed = false;

  /** Schedules the first check. */
  constructor(options: BackgroundJobOptions) {
    this.#options = options;
    this.wake();
  }

  /** Schedules a run in `after` ms, unless an earlier one is due. */
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
