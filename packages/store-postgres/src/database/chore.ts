interface ChoreOptions {
  /** Milliseconds between two turns while there is more to do. */
  readonly pauseMs: number;
  /** Milliseconds between two looks for what a node that ended has left to do, and after a turn that failed. */
  readonly lookMs: number;
  /** One turn; whether there was anything to do. */
  readonly run: () => Promise<boolean>;
}

/**
 * Something that is done beside all else, a little at a time, until there is no more of it. What there is to do stands in the database, so nothing is
 * lost with a node, and a turn that fails is simply tried again at the next look.
 */
export class Chore {
  readonly #options: ChoreOptions;
  #timer: NodeJS.Timeout | null = null;
  #wakesAt = Number.POSITIVE_INFINITY;
  #turn: Promise<void> | null = null;
  #again = false;
  #isClosed = false;

  /** It looks soon after it was made. */
  constructor(options: ChoreOptions) {
    this.#options = options;
    this.wake();
  }

  /** There is something to do. */
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

  /** Resolves when nothing of it is under way. */
  async close(): Promise<void> {
    this.#isClosed = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
    await this.#turn;
  }

  /** Resolves with the milliseconds to the next turn. */
  async #run(): Promise<number> {
    const { pauseMs, lookMs, run } = this.#options;
    const found = await run().catch(() => false);
    return found || this.#again ? pauseMs : lookMs;
  }
}
