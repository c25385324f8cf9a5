/** What one topic keeps for those who come back. */
export interface HistoryBounds {
  readonly messagesMax: number;
  readonly bytesMax: number;
  readonly ageMs: number;
}

/** Bytes held by all histories of a server together, and how many there may be. */
export interface HistoryBudget {
  bytes: number;
  readonly bytesMax: number;
}

interface Kept {
  readonly event: Uint8Array;
  readonly at: number;
}

/**
 * The last events of one topic, bounded in messages, bytes and time; what is above a bound is forgotten from the oldest on.
 * Events are numbered from 1 by whoever adds them, without a gap.
 */
export class TopicHistory {
  readonly #bounds: HistoryBounds;
  readonly #budget: HistoryBudget;
  #kept: Kept[] = [];
  /** How many of `#kept` are forgotten; they are taken out in one go when they are half of it. */
  #forgotten = 0;
  #bytes = 0;
  /** Number of the last event. */
  #last = 0;

  constructor(bounds: HistoryBounds, budget: HistoryBudget) {
    this.#bounds = bounds;
    this.#budget = budget;
  }

  add(event: Uint8Array, now: number): void {
    this.#last += 1;
    this.#kept.push({ event, at: now });
    this.#count(event.length);
    this.forget(now);
  }

  /** The events after that number, or `null` if not all of them are there any more. */
  after(number: number, now: number): readonly Uint8Array[] | null {
    this.forget(now);
    const missing = this.#last - number;
    if (missing > this.#kept.length - this.#forgotten) return null;
    return this.#kept.slice(this.#kept.length - missing).map(({ event }) => event);
  }

  forget(now: number): void {
    const { messagesMax, bytesMax, ageMs } = this.#bounds;
    for (let oldest = this.#oldest; oldest !== undefined; oldest = this.#oldest) {
      const fits = this.#bytes <= bytesMax && this.#budget.bytes <= this.#budget.bytesMax;
      if (fits && this.#kept.length - this.#forgotten <= messagesMax && now - oldest.at < ageMs) break;
      this.#forgotten += 1;
      this.#count(-oldest.event.length);
    }
    if (this.#forgotten <= this.#kept.length / 2) return;
    this.#kept = this.#kept.slice(this.#forgotten);
    this.#forgotten = 0;
  }

  /** Gives back what it held of the budget. */
  clear(): void {
    this.#count(-this.#bytes);
    this.#kept = [];
    this.#forgotten = 0;
    this.#last = 0;
  }

  get #oldest(): Kept | undefined {
    return this.#kept[this.#forgotten];
  }

  #count(bytes: number): void {
    this.#bytes += bytes;
    this.#budget.bytes += bytes;
  }
}
