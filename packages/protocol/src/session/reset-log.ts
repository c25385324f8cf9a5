/** Topics that were reset and are not known to be told, by number: one that went down with its link is told again (SN-23). */
export class ResetLog {
  /** Number of the last reset, and of the last one written to a link that may still deliver it. */
  last = 0;
  told = 0;
  readonly #topics: Map<string, number> = new Map();

  /** Of a topic that is reset twice only the later one is kept. */
  add(topic: string): void {
    this.#topics.delete(topic);
    this.last += 1;
    this.#topics.set(topic, this.last);
  }

  /** The other end has seen all up to this one, and nothing beyond it. */
  seen(no: number): void {
    this.told = Math.min(no, this.last);
    for (const [topic, number] of this.#topics) if (number <= no) this.#topics.delete(topic);
  }

  /** What is to be written now, in order. */
  take(): readonly (readonly [topic: string, no: number])[] {
    const due = [...this.#topics].filter(([, no]) => no > this.told);
    this.told = this.last;
    return due;
  }

  get topics(): readonly (readonly [topic: string, no: number])[] {
    return [...this.#topics];
  }

  /** As it was, nothing of it told. */
  restore(topics: readonly (readonly [topic: string, no: number])[], last: number): void {
    for (const [topic, no] of topics) this.#topics.set(topic, no);
    this.last = last;
    this.told = 0;
  }
}
