export interface BucketLimits {
  readonly capacity: number;
  readonly refillMs: number;
  readonly keysMax: number;
}

/**
 * Token buckets by key: each key may spend `capacity` at once and gets one back every `refillMs`. At most `keysMax` are
 * remembered; the least recently used is forgotten, which only ever favours that key.
 */
export class TokenBuckets {
  readonly #capacity: number;
  readonly #refillMs: number;
  readonly #keysMax: number;
  /** Insertion order is order of use. `left` as of `at`. */
  readonly #buckets = new Map<string, { left: number; at: number }>();

  readonly #onSpent: ((key: string, at: number, amount: number) => void) | undefined;

  /** @param onSpent hears of each that is spent, and with -1 of each that is given back */
  constructor(options: BucketLimits, onSpent?: (key: string, at: number, amount: number) => void) {
    this.#onSpent = onSpent;
    this.#capacity = options.capacity;
    this.#refillMs = options.refillMs;
    this.#keysMax = options.keysMax;
  }

  /** Spends one. Answers 0, or the milliseconds until one will be there; then nothing was spent. */
  spend(key: string, now: number): number {
    const bucket = this.#touch(key, now);
    if (bucket.left >= 1) {
      bucket.left -= 1;
      this.#onSpent?.(key, now, 1);
      return 0;
    }
    return Math.ceil((1 - bucket.left) * this.#refillMs);
  }

  /** Returns the milliseconds until what was charged is paid, 0 where nothing is owed. Spends nothing. */
  wait(key: string, now: number): number {
    const left = this.#buckets.has(key) ? this.#touch(key, now).left : 0;
    return left >= 0 ? 0 : Math.ceil(-left * this.#refillMs);
  }

  /** Takes `amount`, also where less is left: the key owes the rest. Below 0 it gives so many back. */
  charge(key: string, now: number, amount: number): void {
    this.#touch(key, now).left -= amount;
  }

  /** Gives back one that was spent. A key with nothing left to remember makes no other key forgotten. */
  giveBack(key: string): void {
    const known = this.#buckets.get(key);
    if (known === undefined) return;
    known.left += 1;
    this.#onSpent?.(key, known.at, -1);
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
