/**
 * Counts how often each of the latest ids arrived, so that a doctor (a client that examines the network) learns whether a
 * proxy repeats requests. Evicts the ids that have not arrived for longest, so that its size is bounded.
 */
export class RepeatCounter {
  readonly #times: Map<string, number> = new Map();
  readonly #idsMax: number;

  constructor(idsMax: number) {
    this.#idsMax = idsMax;
  }

  /** Counts an id. @returns how often it has arrived, including this time */
  count(id: string): number {
    const times = this.timesOf(id) + 1;
    this.#times.delete(id);
    this.#times.set(id, times);
    if (this.#times.size > this.#idsMax) this.#times.delete(this.#times.keys().next().value as string);
    return times;
  }

  /** Returns how often an id has arrived. */
  timesOf(id: string): number {
    return this.#times.get(id) ?? 0;
  }
}
