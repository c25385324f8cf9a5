import type { MessageName, MessageRow } from '@everywire/chat';

/** Maximum messages that one query may name. Equals the server's `NAMES_MAX`. */
const NAMES_MAX = 100;

/**
 * Holds the messages that held rows of a log quote and that the log does not hold itself (CH-22). Touches (changes to
 * existing messages) update them like other rows. `null` marks a message that this member cannot see.
 */
export class QuotedMessages {
  readonly #rows = new Map<number, MessageRow | null>();
  /** Quoted messages that must be requested, by sequence. */
  readonly #wanted = new Map<number, MessageName>();

  /** Returns the rows to store. */
  store(): readonly MessageRow[] {
    return [...this.#rows.values()].filter((row) => row !== null);
  }

  /** Returns a quoted message; `null` if this member cannot see it, `undefined` if it is not known. */
  get(sequence: number): MessageRow | null | undefined {
    return this.#rows.get(sequence);
  }

  /** Adds a message to those that must be requested, unless it is known. */
  want(name: MessageName): void {
    if (!this.#rows.has(name.sequence)) this.#wanted.set(name.sequence, name);
  }

  /**
   * Returns the names to request, at most as many as one query may contain. Omits messages that the log holds as rows.
   */
  wanted(isHeld: (sequence: number) => boolean): readonly MessageName[] {
    if (this.#wanted.size === 0) return [];
    return [...this.#wanted.values()].filter(({ sequence }) => !isHeld(sequence)).slice(0, NAMES_MAX);
  }

  /**
   * Applies an answer. `asked`: the names in the request. Names without a row become `null`. A newer held row is kept.
   */
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

  /** Replaces a quoted row by a newer one; returns whether it did. */
  replace(row: MessageRow): boolean {
    const held = this.#rows.get(row.sequence);
    if (!held || held.modification > row.modification) return false;
    this.#rows.set(row.sequence, row);
    return true;
  }

  /** Handles messages that this member has hidden: they become `null`. */
  hide(sequences: readonly number[]): void {
    for (const sequence of sequences) if (this.#rows.has(sequence)) this.#rows.set(sequence, null);
  }

  /** Forgets messages that none of these rows quotes. */
  keep(rows: readonly MessageRow[]): void {
    const quoted = new Set(rows.map((row) => row.quote?.sequence));
    for (const known of [this.#rows, this.#wanted]) {
      for (const sequence of known.keys()) if (!quoted.has(sequence)) known.delete(sequence);
    }
  }
}
