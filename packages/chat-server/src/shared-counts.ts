import { createHash } from 'node:crypto';
import type { Spent } from './node-message.js';
import { type BucketLimits, TokenBuckets } from './token-buckets.js';

/** What of the buckets of one limit counts by itself, or together with other nodes. */
export type Counts = Pick<TokenBuckets, 'spend' | 'giveBack'>;

/** Makes the buckets of one limit. `of`: its name in `ChatServerLimits`. */
export type CreateBuckets = (of: string, limits: BucketLimits) => Counts;

/** Buckets of this node alone. */
export const ownBuckets: CreateBuckets = (_of, limits) => new TokenBuckets(limits);

/**
 * Limits that all nodes count together, so that more nodes give no more guesses: what is spent at one is told to the others. Two that spend the last
 * one at the same moment have both spent it, and the key owes it. What was told and lost is not counted. A broker and its logs see hashes, no names,
 * mail addresses or networks; who reads there can still try what somebody is called.
 */
export class SharedCounts {
  readonly #tell: (spent: Spent) => void;
  readonly #buckets = new Map<string, TokenBuckets>();

  constructor(tell: (spent: Spent) => void) {
    this.#tell = tell;
  }

  readonly create: CreateBuckets = (of, limits) => {
    const onSpent = (key: string, at: number, amount: number): void => this.#tell({ of, key, at, amount });
    const buckets = new TokenBuckets(limits, onSpent);
    this.#buckets.set(of, buckets);
    return {
      spend: (key, now) => buckets.spend(hashed(key), now),
      giveBack: (key) => buckets.giveBack(hashed(key)),
    };
  };

  /** Another node told. */
  hear({ of, key, at, amount }: Spent): void {
    this.#buckets.get(of)?.charge(key, at, amount);
  }
}

function hashed(key: string): string {
  return createHash('sha256').update(key).digest('base64url');
}
