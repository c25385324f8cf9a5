import type { ChatServerLimits } from './limits.js';
import { type Counts, type CreateBuckets, ownBuckets } from './shared-counts.js';

/** From where somebody tries to sign in as a person. */
export interface AttemptOrigin {
  /** Folded. Anything that is sent, also what cannot be a name. */
  readonly name: string;
  /** The key of the address. */
  readonly address: string;
  /** The sign-in of that person whose device this is, as its secret or token proves; `null` for a stranger. */
  readonly device: string | null;
  /** The hash of the person's password; `null` where there is none. */
  readonly passwordHash: string | null;
}

/**
 * Counts the attempts at each name. Strangers share one count, whatever address they come from, so that many machines guess no faster than
 * one. A device and an address from which the person signed in by the password that stands have a count each: strangers cannot hold
 * their owner's sign-in shut. Bounded.
 */
export class SignInAttempts {
  readonly #buckets: Counts;
  readonly #familiarMax: number;
  /** The hash of the password that was right there, by name and address. Insertion order is order of use. */
  readonly #familiar = new Map<string, string>();

  constructor(
    limits: Pick<ChatServerLimits, 'attemptsPerName' | 'attemptRefillMs' | 'attemptKeysMax'>,
    createBuckets: CreateBuckets = ownBuckets,
  ) {
    const { attemptsPerName, attemptRefillMs, attemptKeysMax } = limits;
    const bucket = { capacity: attemptsPerName, refillMs: attemptRefillMs, keysMax: attemptKeysMax };
    this.#buckets = createBuckets('attemptsPerName', bucket);
    this.#familiarMax = attemptKeysMax;
  }

  /** What attempts from there count together with. */
  countOf(origin: AttemptOrigin): string {
    return this.knownAs(origin) ?? JSON.stringify(['name', origin.name]);
  }

  /** The device or address by which the person is known there, before any password is looked at; `null` for a stranger. */
  knownAs({ name, address, device, passwordHash }: AttemptOrigin): string | null {
    if (device !== null) return JSON.stringify(['device', name, device]);
    const place = placeOf(name, address);
    return passwordHash !== null && this.#familiar.get(place) === passwordHash ? place : null;
  }

  /** Answers 0, or the milliseconds until the next attempt is allowed; then nothing was counted. */
  spend(count: string, now: number): number {
    return this.#buckets.spend(count, now);
  }

  /** The attempt was no wrong guess. */
  giveBack(count: string): void {
    this.#buckets.giveBack(count);
  }

  /** Somebody signed in from there, by all that is asked of them. */
  signedIn({ name, address }: Pick<AttemptOrigin, 'name' | 'address'>, passwordHash: string): void {
    const place = placeOf(name, address);
    this.#familiar.delete(place);
    this.#familiar.set(place, passwordHash);
    const [oldest] = this.#familiar.keys();
    if (this.#familiar.size > this.#familiarMax && oldest !== undefined) this.#familiar.delete(oldest);
  }
}

/** Written as JSON, in which no part can run into the next, whatever it holds. */
function placeOf(name: string, address: string): string {
  return JSON.stringify(['address', name, address]);
}
