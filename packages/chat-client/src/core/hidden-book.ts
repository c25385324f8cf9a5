import type { HiddenAnswer } from '@everywire/chat';

/** What of a log this member has hidden (delete for me), as far as this device has heard. Kept by the rule of CH-9, with `hiddenAt` for the modification. */
export class HiddenBook {
  readonly #sequences = new Set<number>();
  #at = 0;
  #known = 0;

  restore({ hiddenAt, hidden }: { readonly hiddenAt: number; readonly hidden: readonly number[] }): void {
    this.#at = hiddenAt;
    this.#known = hiddenAt;
    for (const sequence of hidden) this.#sequences.add(sequence);
  }

  store(): { readonly hiddenAt: number; readonly hidden: readonly number[] } {
    return { hiddenAt: this.#at, hidden: [...this.#sequences] };
  }

  /** Everything hidden up to here is out of the rows. */
  get at(): number {
    return this.#at;
  }

  get isBehind(): boolean {
    return this.#known > this.#at;
  }

  has(sequence: number): boolean {
    return this.#sequences.has(sequence);
  }

  /** The highest that anybody told of. */
  see(hiddenAt: number): void {
    this.#known = Math.max(this.#known, hiddenAt);
  }

  /** A page without what was hidden up to `hiddenAt`: from an older snapshot it may bring what was hidden since. */
  meet(hiddenAt: number, first: boolean): void {
    this.see(hiddenAt);
    this.#at = first ? hiddenAt : Math.min(this.#at, hiddenAt);
  }

  /** Whether the answer is of use: one to a question from before `at` was lowered is not. */
  apply({ since, sequences, to, more }: HiddenAnswer): boolean {
    if (since > this.#at) return false;
    for (const sequence of sequences) this.#sequences.add(sequence);
    this.#at = Math.max(this.#at, to);
    this.see(more ? to + 1 : to);
    return true;
  }
}
