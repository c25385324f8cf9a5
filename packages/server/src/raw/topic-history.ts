/** Limits of the history of one topic. */
export interface HistoryBounds {
  readonly messagesMax: number;
  readonly bytesMax: number;
  readonly ageMs: number;
}

/** Bytes of all histories of a server, and their limit. */
export interface HistoryBudget {
  bytes: number;
  readonly bytesMax: number;
}

/** A stored event. `at`: when it was published, in milliseconds of the caller's clock. */
interface Kept {
  readonly event: Uint8Array;
  readonly at: number;
}

/**
 * The last events of one topic, bounded in messages, bytes and time. The oldest are dropped first. The caller numbers
 * the events from 1 without a gap.
 */
export class TopicHistory {
  readonly #bounds: HistoryBounds;
  readonly #budget: HistoryBudget;
  #kept: Kept[] = [];
  /** Number of dropped entries in `#kept`; they are removed together when they are half of it. */
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

  /** Returns the events after that number, or `null` if some of them were dropped. */
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

  /** Drops all events and returns their bytes to the budget. */
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
