/** Limits of token buckets. `capacity`: number of tokens that may be spent in a burst. */
export interface BucketLimits {
  readonly capacity: number;
  readonly refillMs: number;
  readonly keysMax: number;
}

/**
 * Token buckets by key: each key may spend `capacity` in a burst and gets one back every `refillMs` milliseconds. Keeps
 * at most `keysMax` keys and evicts the least recently used, which only favours that key.
 */
export class TokenBuckets {
  readonly #capacity: number;
  readonly #refillMs: number;
  readonly #keysMax: number;
  /** The buckets by key, least recently used first. `left`: the number of tokens at the time `at`. */
  readonly #buckets = new Map<string, { left: number; at: number }>();

  readonly #onSpent: ((key: string, amount: 1 | -1) => void) | undefined;

  /** @param onSpent called for each token spent, and with -1 for each given back */
  constructor(options: BucketLimits, onSpent?: (key: string, amount: 1 | -1) => void) {
    this.#onSpent = onSpent;
    this.#capacity = options.capacity;
    this.#refillMs = options.refillMs;
    this.#keysMax = options.keysMax;
  }

  /** Spends one token. Returns 0, or the milliseconds until one is available; then nothing was spent. */
  spend(key: string, now: number): number {
    const bucket = this.#touch(key, now);
    if (bucket.left >= 1) {
      bucket.left -= 1;
      this.#onSpent?.(key, 1);
      return 0;
    }
    return Math.ceil((1 - bucket.left) * this.#refillMs);
  }

  /** Returns the milliseconds until the key's debt is paid; 0 without debt. Spends nothing. */
  wait(key: string, now: number): number {
    const left = this.#buckets.has(key) ? this.#touch(key, now).left : 0;
    return left >= 0 ? 0 : Math.ceil(-left * this.#refillMs);
  }

  /**
   * Takes `amount` tokens. If fewer are left, the key owes the rest. A negative amount gives tokens back. Drops a
   * bucket that is then full, so that no other key is evicted.
   */
  charge(key: string, now: number, amount: number): void {
    const bucket = this.#touch(key, now);
    bucket.left -= amount;
    if (bucket.left >= this.#capacity) this.#buckets.delete(key);
  }

  /** Gives one token back. Drops a bucket that is then full, so that no other key is evicted. */
  giveBack(key: string): void {
    const known = this.#buckets.get(key);
    if (known === undefined) return;
    known.left += 1;
    this.#onSpent?.(key, -1);
    if (known.left >= this.#capacity) this.#buckets.delete(key);
  }

  #touch(key: string, now: number): { left: number; at: number } {
    const known = this.#buckets.get(key) ?? { left: this.#capacity, at: now };
    known.left = Math.min(this.#capacity, known.left + Math.max(0, now - known.at) / this.#refillMs);
    known.at = now;
    this.#buckets.delete(key);
    this.#buckets.set(key, known);
    if (this.#buckets.size > this.#keysMax) {
      const oldest = this.#buckets.keys().next();
      if (!oldest.done) this.#buckets.delete(oldest.value);
    }
    return known;
  }
}
