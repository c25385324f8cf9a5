/** The name of a queue of waiting work. Work in `second` starts only while `first` is empty. */
export type Line = 'first' | 'second';

/** Runs a bounded number of pieces of work concurrently. Further work waits in order. */
export class ConcurrencyLimiter {
  readonly #lines: Readonly<Record<Line, (() => void)[]>> = { first: [], second: [] };
  readonly #atOnce: number;
  #free: number;

  constructor(atOnce: number) {
    this.#atOnce = atOnce;
    this.#free = atOnce;
  }

  /** Returns how many pieces of work wait. */
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

  /** Runs work when a place is free. The returned promise settles like the work. */
  async run<Result>(work: () => Promise<Result>, line: Line = 'second'): Promise<Result> {
    if (this.taken) await new Promise<void>((resolve) => this.#lines[line].push(resolve));
    else this.#free -= 1;
    try {
      return await work();
    } finally {
      // Passes the place on directly, so that no other work can take it in between.
      const next = this.#lines.first.shift() ?? this.#lines.second.shift();
      if (next === undefined) this.#free += 1;
      else next();
    }
  }
}
