import type { Entry, MessageRow, WireMessages } from '@everywire/chat';

/**
 * Holds the pinned messages of a conversation. They are requested when the conversation is opened, and when its entry
 * has a higher `pinsAt` or `hiddenAt`. These counters rise when pins change and when this user hides messages.
 */
export class PinnedMessages {
  #rows: readonly MessageRow[] = [];
  /** The `pinsAt` up to which the pins are current. */
  #at = 0;
  /** The `hiddenAt` up to which hidden messages are excluded. */
  #hiddenAt = 0;
  /** The modification of the snapshot that contained the pins. */
  #modification = 0;
  /** The highest `pinsAt` of an entry. */
  #known = 0;
  #version = 0;

  get version(): number {
    return this.#version;
  }

  /** Returns the pinned rows by sequence. */
  get rows(): readonly MessageRow[] {
    return this.#rows;
  }

  /** Returns whether the pins must be requested because a new entry has higher counters. */
  isBehind({ pinsAt, hiddenAt }: Pick<Entry, 'pinsAt' | 'hiddenAt'>): boolean {
    this.#known = Math.max(this.#known, pinsAt);
    return pinsAt > this.#at || (this.#rows.length > 0 && hiddenAt > this.#hiddenAt);
  }

  /** Replaces the pins by those of an answer. Ignores an answer that is older than the held pins. */
  apply({ rows, head, hiddenAt }: WireMessages): void {
    if (head.modification < this.#modification || hiddenAt < this.#hiddenAt) return;
    this.#hiddenAt = hiddenAt;
    this.#modification = head.modification;
    // If the snapshot is older than the last entry, the pins stay behind and are requested again.
    this.#at = Math.min(this.#known, head.modification);
    this.#rows = rows;
    this.#version += 1;
  }
}
