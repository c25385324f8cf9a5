/** How often each of the latest ids came; older ones are forgotten, so that nobody can make it grow. */
export class RepeatCounter {
  readonly #times: Map<string, number> = new Map();
  readonly #idsMax: number;

  constructor(idsMax: number) {
    this.#idsMax = idsMax;
  }

  /** @returns how often it has come, this time included */
  count(id: string): number {
    const times = this.timesOf(id) + 1;
    this.#times.delete(id);
    this.#times.set(id, times);
    if (this.#times.size > this.#idsMax) this.#times.delete(this.#times.keys().next().value as string);
    return times;
  }

  timesOf(id: string): number {
    return this.#times.get(id) ?? 0;
  }
}
