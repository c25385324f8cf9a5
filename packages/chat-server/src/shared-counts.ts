import { createHash } from 'node:crypto';
import type { Spent } from './node-message.js';
import { type BucketLimits, TokenBuckets } from './token-buckets.js';

/** The token buckets of one limit, either of this node alone or shared with other nodes. */
export type RateCounts = Pick<TokenBuckets, 'spend' | 'giveBack'>;

/** Creates the buckets of one limit. `of` is its name in `ChatServerLimits`. */
export type CreateBuckets = (of: string, limits: BucketLimits) => RateCounts;

/** Creates buckets of this node only. */
export const ownBuckets: CreateBuckets = (_of, limits) => new TokenBuckets(limits);

/**
 * Enforces rate limits across all nodes (server processes), so that more nodes do not permit more guesses. Each node
 * reports the tokens that it spends to the others. If two nodes spend the last token of a key simultaneously, the key
 * goes into debt. A lost report is not counted. The broker and its logs see hashes instead of names, email addresses or
 * networks, but a reader can still test a guessed name.
 */
export class SharedCounts {
  readonly #publish: (spent: Spent) => void;
  readonly #buckets = new Map<string, TokenBuckets>();

  constructor(publish: (spent: Spent) => void) {
    this.#publish = publish;
  }

  /** Creates the buckets of one limit. */
  readonly create: CreateBuckets = (of, limits) => {
    const onSpent = (key: string, at: number, amount: number): void => this.#publish({ of, key, at, amount });
    const buckets = new TokenBuckets(limits, onSpent);
    this.#buckets.set(of, buckets);
    return {
      spend: (key, now) => buckets.spend(hashed(key), now),
      giveBack: (key) => buckets.giveBack(hashed(key)),
    };
  };

  /** Counts tokens that another node spent. */
  receive({ of, key, at, amount }: Spent): void {
    this.#buckets.get(of)?.charge(key, at, amount);
  }
}

function hashed(key: string): string {
  return createHash('sha256').update(key).digest('base64url');
}
