/** A queue of waiting work: all of `first` runs before any of `second`. */
export type Line = 'first' | 'second';

/** Runs a bounded number of pieces of work concurrently; others wait in order. */
export class ConcurrencyLimiter {
  readonly #lines: Readonly<Record<Line, (() => void)[]>> = { first: [], second: [] };
  readonly #atOnce: number;
  #free: number;

  constructor(atOnce: number) {
    this.#atOnce = atOnce;
    this.#free = atOnce;
  }

  /** Returns how many wait. */
  waitingIn(line: Line): number {
    return this.#lines[line].length;
  }

  /** Whether the next piece of work would have to wait. */
  get taken(): boolean {
    return this.#free === 0;
  }

  /** Whether nothing runs or waits. */
  get isIdle(): boolean {
    return this.#free === this.#atOnce;
  }

  /** Runs work when a place is free; settles with it. */
  async run<Result>(work: () => Promise<Result>, line: Line = 'second'): Promise<Result> {
    if (this.taken) await new Promise<void>((resolve) => this.#lines[line].push(resolve));
    else this.#free -= 1;
    try {
      return await work();
    } finally {
      // The place is handed over directly, so that no other work can take it in between.
      const next = this.#lines.first.shift() ?? this.#lines.second.shift();
      if (next === undefined) this.#free += 1;
      else next();
    }
  }
}
