import type { ChatServerLimits } from './limits.js';
import { TokenBuckets } from './token-buckets.js';

/**
 * Counts the attempts at each name, whatever address they come from, so that many machines guess no faster than one. An address
 * from which a name was signed in before has a count of its own: guessing elsewhere cannot lock its owner out. Bounded.
 */
export class SignInAttempts {
  readonly #buckets: TokenBuckets;
  readonly #familiarMax: number;
  /** Insertion order is order of use. */
  readonly #familiar = new Set<string>();

  constructor(limits: Pick<ChatServerLimits, 'attemptsPerName' | 'attemptRefillMs' | 'attemptKeysMax'>) {
    const { attemptsPerName, attemptRefillMs, attemptKeysMax } = limits;
    this.#buckets = new TokenBuckets({ capacity: attemptsPerName, refillMs: attemptRefillMs, keysMax: attemptKeysMax });
    this.#familiarMax = attemptKeysMax;
  }

  /** `name` is folded. Answers 0, or the milliseconds until the next attempt is allowed; then nothing was counted. */
  spend(name: string, address: string, now: number): number {
    return this.#buckets.spend(this.#key(name, address), now);
  }

  /** The password was right: it is the owner who was at that address. */
  succeeded(name: string, address: string): void {
    this.#buckets.clear(this.#key(name, address));
    const place = placeOf(name, address);
    this.#familiar.delete(place);
    this.#familiar.add(place);
    const [oldest] = this.#familiar;
    if (this.#familiar.size > this.#familiarMax && oldest !== undefined) this.#familiar.delete(oldest);
  }

  #key(name: string, address: string): string {
    const place = placeOf(name, address);
    return this.#familiar.has(place) ? place : name;
  }
}

/** A name holds no space. */
function placeOf(name: string, address: string): string {
  return `${name} ${address}`;
}
