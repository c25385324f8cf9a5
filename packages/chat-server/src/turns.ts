/** Lets so many pieces of work run at once; the others wait their turn, in order. */
export class Turns {
  readonly #line: (() => void)[] = [];
  #free: number;

  constructor(atOnce: number) {
    this.#free = atOnce;
  }

  /** How many wait. */
  get waiting(): number {
    return this.#line.length;
  }

  /** Whether the next one would have to wait. */
  get taken(): boolean {
    return this.#free === 0;
  }

  async run<Result>(work: () => Promise<Result>): Promise<Result> {
    if (this.taken) await new Promise<void>((resolve) => this.#line.push(resolve));
    else this.#free -= 1;
    try {
      return await work();
    } finally {
      // The place is handed on, not given back and taken again: nobody can step in between.
      const next = this.#line.shift();
      if (next === undefined) this.#free += 1;
      else next();
    }
  }
}
