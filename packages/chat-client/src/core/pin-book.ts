import type { Entry, MessageRow, WireMessages } from '@everywire/chat';

/** The pinned messages of a conversation, asked for when it is opened and whenever an entry has a higher `pinsAt` or `hiddenAt`. */
export class PinBook {
  #rows: readonly MessageRow[] = [];
  /** The pins are those of this `pinsAt`, or newer. */
  #at = 0;
  /** What was hidden up to here is not among them. */
  #hiddenAt = 0;
  #modification = 0;
  #known = 0;
  #version = 0;

  get version(): number {
    return this.#version;
  }

  /** By sequence. */
  get rows(): readonly MessageRow[] {
    return this.#rows;
  }

  /** Whether they must be asked for, now that the entry says this. */
  isBehind({ pinsAt, hiddenAt }: Pick<Entry, 'pinsAt' | 'hiddenAt'>): boolean {
    this.#known = Math.max(this.#known, pinsAt);
    return pinsAt > this.#at || (this.#rows.length > 0 && hiddenAt > this.#hiddenAt);
  }

  apply({ rows, head, hiddenAt }: WireMessages): void {
    if (head.modification < this.#modification || hiddenAt < this.#hiddenAt) return;
    this.#hiddenAt = hiddenAt;
    this.#modification = head.modification;
    // A snapshot from before the last entry leaves them behind.
    this.#at = Math.min(this.#known, head.modification);
    this.#rows = rows;
    this.#version += 1;
  }
}
