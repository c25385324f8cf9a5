import { createHash } from 'node:crypto';
import type { Spent } from './node-message.js';
import { type BucketLimits, TokenBuckets } from './token-buckets.js';

/** The token buckets of one limit, which all nodes count together. */
export interface RateCounts {
  /** Spends one token. Returns 0, or the milliseconds until one is available; then nothing was spent. */
  spend(key: string): number;
  /** Gives one token back. */
  giveBack(key: string): void;
}

/** Creates the buckets of one limit. `of` is its name in `ChatServerLimits`. */
export type CreateBuckets = (of: string, limits: BucketLimits) => RateCounts;

/** The form of a hashed key. */
const hashPattern = /^[\w-]{43}$/;

/**
 * Enforces rate limits across all nodes (server processes), so that more nodes do not permit more guesses. Each node
 * reports the tokens that it spends to the others. If two nodes spend the last token of a key simultaneously, the key
 * goes into debt. A lost report is not counted. The broker and its logs see hashes instead of names, email addresses or
 * networks, but a reader can still test a guessed name.
 *
 * Each node counts by its own monotonic clock, so neither clocks that differ nor a clock that is set refill a bucket.
 */
export class SharedCounts {
  readonly #publish: (spent: Spent) => void;
  readonly #now: () => number;
  readonly #buckets = new Map<string, TokenBuckets>();

  /** `now` returns milliseconds since any fixed moment. */
  constructor(publish: (spent: Spent) => void, now: () => number = () => performance.now()) {
    this.#publish = publish;
    this.#now = now;
  }

  /** Creates the buckets of one limit. */
  readonly create: CreateBuckets = (of, limits) => {
    const onSpent = (key: string, amount: 1 | -1): void => this.#publish({ of, key, amount });
    const buckets = new TokenBuckets(limits, onSpent);
    this.#buckets.set(of, buckets);
    return {
      spend: (key) => buckets.spend(hashed(key), this.#now()),
      giveBack: (key) => buckets.giveBack(hashed(key)),
    };
  };

  /**
   * Counts a token that another node spent or gave back, as of now. Ignores a report of any other amount or form, so
   * that one report cannot exhaust, refill or damage a bucket.
   */
  receive({ of, key, amount }: Spent): void {
    if ((amount !== 1 && amount !== -1) || typeof key !== 'string' || !hashPattern.test(key)) return;
    this.#buckets.get(of)?.charge(key, this.#now(), amount);
  }
}

function hashed(key: string): string {
  return createHash('sha256').update(key).digest('base64url');
}
