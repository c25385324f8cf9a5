const never = Number.POSITIVE_INFINITY;

/** Milliseconds without an answer that nobody has to hear of: longer than a busy processor or a lost packet takes. */
const graceMs = 2_000;

/**
 * Notices that nothing is heard of the server although it was asked (SN-15): a network can be gone long before a link ends. Whatever is heard
 * answers all that was asked. Times are milliseconds of the shell's clock.
 */
export class OverdueAnswer {
  #askedAt: number = never;
  #dueAt: number = never;
  #overdue = false;

  /** When the first answer that has not come was asked for; `null` where it is not overdue. */
  get overdueSince(): number | null {
    return this.#overdue ? this.#askedAt : null;
  }

  /** When `look` is due; `Infinity` for never. */
  get lookAt(): number {
    return this.#overdue ? never : this.#dueAt;
  }

  /** @param patienceMs how long an answer may take on this path */
  ask(now: number, patienceMs: number): void {
    if (this.#askedAt < never) return;
    this.#askedAt = now;
    this.#dueAt = now + Math.max(graceMs, patienceMs);
  }

  /** @returns whether an answer is overdue that was not before */
  look(now: number): boolean {
    if (this.#overdue || now < this.#dueAt) return false;
    this.#overdue = true;
    return true;
  }

  /** @returns whether an answer was overdue */
  heard(): boolean {
    const overdue = this.#overdue;
    this.#askedAt = never;
    this.#dueAt = never;
    this.#overdue = false;
    return overdue;
  }
}
