import type { HiddenAnswer } from '@everywire/chat';

/**
 * Holds the messages that this member has hidden in a log ("delete for me"), as far as this device knows. `hiddenAt` is
 * a counter of the conversation that rises each time the member hides messages on any device.
 */
export class HiddenMessages {
  /** Sequences of the hidden messages. */
  readonly #sequences = new Set<number>();
  /** The `hiddenAt` up to which all hidden messages are known. */
  #at = 0;
  /** The highest `hiddenAt` that the server has mentioned. */
  #known = 0;

  /** Restores the stored form. */
  restore({ hiddenAt, hidden }: { readonly hiddenAt: number; readonly hidden: readonly number[] }): void {
    this.#at = hiddenAt;
    this.#known = hiddenAt;
    for (const sequence of hidden) this.#sequences.add(sequence);
  }

  /** Returns the stored form. */
  store(): { readonly hiddenAt: number; readonly hidden: readonly number[] } {
    return { hiddenAt: this.#at, hidden: [...this.#sequences] };
  }

  /** Returns the `hiddenAt` up to which everything hidden is removed from the rows. */
  get at(): number {
    return this.#at;
  }

  /** Returns whether more is hidden than this device knows. */
  get isBehind(): boolean {
    return this.#known > this.#at;
  }

  has(sequence: number): boolean {
    return this.#sequences.has(sequence);
  }

  /** Notes a `hiddenAt` that the server has mentioned. The highest one counts. */
  see(hiddenAt: number): void {
    this.#known = Math.max(this.#known, hiddenAt);
  }

  /**
   * Notes the `hiddenAt` of a page. A page that was read before the last hiding may contain hidden rows. `at` then
   * falls back to the page's `hiddenAt`, so that later hidden messages are requested again. `first`: whether it is the
   * first page of the log.
   */
  meet(hiddenAt: number, first: boolean): void {
    this.see(hiddenAt);
    this.#at = first ? hiddenAt : Math.min(this.#at, hiddenAt);
  }

  /** Applies an answer. Returns false and ignores the answer if `at` was lowered after the request. */
  apply({ since, sequences, to, more }: HiddenAnswer): boolean {
    if (since > this.#at) return false;
    for (const sequence of sequences) this.#sequences.add(sequence);
    this.#at = Math.max(this.#at, to);
    this.see(more ? to + 1 : to);
    return true;
  }
}
