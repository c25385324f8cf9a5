/** The line in which work waits: all of `first` has its turn before any of `second`. */
export type Line = 'first' | 'second';

/** Lets so many pieces of work run at once; the others wait their turn, in order. */
export class Turns {
  readonly #lines: Readonly<Record<Line, (() => void)[]>> = { first: [], second: [] };
  readonly #atOnce: number;
  #free: number;

  constructor(atOnce: number) {
    this.#atOnce = atOnce;
    this.#free = atOnce;
  }

  /** How many wait. */
  waitingIn(line: Line): number {
    return this.#lines[line].length;
  }

  /** Whether the next one would have to wait. */
  get taken(): boolean {
    return this.#free === 0;
  }

  /** Whether nothing runs or waits. */
  get isIdle(): boolean {
    return this.#free === this.#atOnce;
  }

  async run<Result>(work: () => Promise<Result>, line: Line = 'second'): Promise<Result> {
    if (this.taken) await new Promise<void>((resolve) => this.#lines[line].push(resolve));
    else this.#free -= 1;
    try {
      return await work();
    } finally {
      // The place is handed on, not given back and taken again: nobody can step in between.
      const next = this.#lines.first.shift() ?? this.#lines.second.shift();
      if (next === undefined) this.#free += 1;
      else next();
    }
  }
}
