/**
 * Holds the topics whose reset the peer has not confirmed, by the number of the reset. A reset notifies the peer that
 * messages of a topic were dropped. A reset that was lost with its link is sent again (SN-23).
 */
export class ResetLog {
  /** Number of the last reset. */
  last = 0;
  /** Number of the last reset written to a link that may still deliver it. */
  sent = 0;
  readonly #topics: Map<string, number> = new Map();

  /** Adds a reset, which replaces an earlier one of the same topic. */
  add(topic: string): void {
    this.#topics.delete(topic);
    this.last += 1;
    this.#topics.set(topic, this.last);
  }

  /** Records that the peer has seen resets up to `no`, and none after it. */
  seen(no: number): void {
    this.sent = Math.min(no, this.last);
    for (const [topic, number] of this.#topics) if (number <= no) this.#topics.delete(topic);
  }

  /** Returns the resets to write now, in order, and regards them as sent. */
  take(): readonly (readonly [topic: string, no: number])[] {
    const due = [...this.#topics].filter(([, no]) => no > this.sent);
    this.sent = this.last;
    return due;
  }

  /** The unconfirmed topics with their numbers. */
  get topics(): readonly (readonly [topic: string, no: number])[] {
    return [...this.#topics];
  }

  /** Restores the state of a hand-over; nothing counts as sent. */
  restore(topics: readonly (readonly [topic: string, no: number])[], last: number): void {
    for (const [topic, no] of topics) this.#topics.set(topic, no);
    this.last = last;
    this.sent = 0;
  }
}
