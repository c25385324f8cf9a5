import type { HiddenAnswer } from '@everywire/chat';

/**
 * Holds what this member has hidden in a log ("delete for me"), as far as this device knows. Follows the rule of CH-9, with
 * `hiddenAt` in place of the modification.
 */
export class HiddenMessages {
  readonly #sequences = new Set<number>();
  #at = 0;
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

  /** Notes a `hiddenAt`; the highest counts. */
  see(hiddenAt: number): void {
    this.#known = Math.max(this.#known, hiddenAt);
  }

  /** Notes the `hiddenAt` of a page. An older snapshot may contain rows hidden since, so `at` falls back to it. */
  meet(hiddenAt: number, first: boolean): void {
    this.see(hiddenAt);
    this.#at = first ? hiddenAt : Math.min(this.#at, hiddenAt);
  }

  /** Applies an answer. Returns false, and ignores it, if it was requested before `at` was lowered. */
  apply({ since, sequences, to, more }: HiddenAnswer): boolean {
    if (since > this.#at) return false;
    for (const sequence of sequences) this.#sequences.add(sequence);
    this.#at = Math.max(this.#at, to);
    this.see(more ? to + 1 : to);
    return true;
  }
}
