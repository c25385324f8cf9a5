import type { Entry, MessageRow, WireMessages } from '@everywire/chat';

/**
 * Holds the pinned messages of a conversation, requested when it is opened and whenever an entry has a higher `pinsAt` or
 * `hiddenAt`.
 */
export class PinnedMessages {
  #rows: readonly MessageRow[] = [];
  /** The pins are current up to this `pinsAt`. */
  #at = 0;
  /** Messages hidden up to here are excluded. */
  #hiddenAt = 0;
  #modification = 0;
  #known = 0;
  #version = 0;

  get version(): number {
    return this.#version;
  }

  /** Returns the pinned rows by sequence. */
  get rows(): readonly MessageRow[] {
    return this.#rows;
  }

  /** Returns whether the pins must be requested, given a new entry. */
  isBehind({ pinsAt, hiddenAt }: Pick<Entry, 'pinsAt' | 'hiddenAt'>): boolean {
    this.#known = Math.max(this.#known, pinsAt);
    return pinsAt > this.#at || (this.#rows.length > 0 && hiddenAt > this.#hiddenAt);
  }

  /** Replaces the pins by those of an answer; ignores an older snapshot. */
  apply({ rows, head, hiddenAt }: WireMessages): void {
    if (head.modification < this.#modification || hiddenAt < this.#hiddenAt) return;
    this.#hiddenAt = hiddenAt;
    this.#modification = head.modification;
    // A snapshot older than the last entry does not make the pins current.
    this.#at = Math.min(this.#known, head.modification);
    this.#rows = rows;
    this.#version += 1;
  }
}
