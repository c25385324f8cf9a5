const NEVER = Number.POSITIVE_INFINITY;

/** Minimum milliseconds before an answer counts as overdue: longer than a busy processor or a lost packet delays it. */
const GRACE_MS = 2_000;

/**
 * Detects that the server does not answer a request (SN-15), because the network can be down long before a link ends.
 * Any input counts as the answer to all requests. All times are milliseconds of the shell's clock.
 */
export class ResponseTimeout {
  #askedAt: number = NEVER;
  #dueAt: number = NEVER;
  #overdue = false;

  /** When the first unanswered request was sent; `null` if no answer is overdue. */
  get overdueSince(): number | null {
    return this.#overdue ? this.#askedAt : null;
  }

  /** When `look` is due; `Infinity` for never. */
  get lookAt(): number {
    return this.#overdue ? NEVER : this.#dueAt;
  }

  /** Records a request. @param patienceMs how long an answer may take on this path */
  ask(now: number, patienceMs: number): void {
    if (this.#askedAt < NEVER) return;
    this.#askedAt = now;
    this.#dueAt = now + Math.max(GRACE_MS, patienceMs);
  }

  /** Checks the time. @returns whether an answer has become overdue */
  look(now: number): boolean {
    if (this.#overdue || now < this.#dueAt) return false;
    this.#overdue = true;
    return true;
  }

  /** Records an answer. @returns whether it was overdue */
  heard(): boolean {
    const overdue = this.#overdue;
    this.#askedAt = NEVER;
    this.#dueAt = NEVER;
    this.#overdue = false;
    return overdue;
  }
}
