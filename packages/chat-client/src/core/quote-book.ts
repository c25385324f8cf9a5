import type { MessageName, MessageRow } from '@everywire/chat';

/** Names of one question; the server's `namesMax`. */
const namesMax = 100;

/**
 * The messages that held rows quote and that are not held themselves (CH-22): rows kept up by touches like any other, `null` for what this
 * member cannot see.
 */
export class QuoteBook {
  readonly #rows = new Map<number, MessageRow | null>();
  readonly #wanted = new Map<number, MessageName>();

  store(): readonly MessageRow[] {
    return [...this.#rows.values()].filter((row) => row !== null);
  }

  get(sequence: number): MessageRow | null | undefined {
    return this.#rows.get(sequence);
  }

  want(name: MessageName): void {
    if (!this.#rows.has(name.sequence)) this.#wanted.set(name.sequence, name);
  }

  /** What must be asked for; what is held as a row need not be. */
  wanted(isHeld: (sequence: number) => boolean): readonly MessageName[] {
    if (this.#wanted.size === 0) return [];
    return [...this.#wanted.values()].filter(({ sequence }) => !isHeld(sequence)).slice(0, namesMax);
  }

  answer(rows: readonly MessageRow[], asked: readonly MessageName[]): void {
    for (const { sequence } of asked) {
      this.#wanted.delete(sequence);
      if (!this.#rows.has(sequence)) this.#rows.set(sequence, null);
    }
    for (const row of rows) {
      const held = this.#rows.get(row.sequence);
      this.#wanted.delete(row.sequence);
      if (!held || held.modification <= row.modification) this.#rows.set(row.sequence, row);
    }
  }

  /** Whether the row is one of these, and now is as given. */
  replace(row: MessageRow): boolean {
    const held = this.#rows.get(row.sequence);
    if (!held || held.modification > row.modification) return false;
    this.#rows.set(row.sequence, row);
    return true;
  }

  hide(sequences: readonly number[]): void {
    for (const sequence of sequences) if (this.#rows.has(sequence)) this.#rows.set(sequence, null);
  }

  /** Forgets what none of these rows quotes. */
  keep(rows: readonly MessageRow[]): void {
    const quoted = new Set(rows.map((row) => row.quote?.sequence));
    for (const known of [this.#rows, this.#wanted]) {
      for (const sequence of known.keys()) if (!quoted.has(sequence)) known.delete(sequence);
    }
  }
}
