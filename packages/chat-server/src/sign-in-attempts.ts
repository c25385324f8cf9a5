import type { ChatServerLimits } from './limits.js';
import type { CreateBuckets, RateCounts } from './shared-counts.js';

/** The origin of an attempt to sign in as a user. */
export interface AttemptOrigin {
  /** The folded name. Any text that a client sent, even if it cannot be a name. */
  readonly name: string;
  /** The key of the address. */
  readonly address: string;
  /** The user's sign-in on this device, if a device secret or a token proves it; `null` for a stranger. */
  readonly device: string | null;
  /** The hash of the user's password; `null` if there is none. */
  readonly passwordHash: string | null;
}

/**
 * Counts the attempts to sign in with each name. Strangers share one count, whatever their address, so that many
 * machines guess no faster than one. A device and an address from which the user signed in with the current password
 * have separate counts, so that strangers cannot lock the owner out. Bounded.
 */
export class SignInAttempts {
  readonly #buckets: RateCounts;
  readonly #familiarMax: number;
  /** The hash of the password that was correct, by name and address. Insertion order is order of use. */
  readonly #familiar = new Map<string, string>();

  constructor(
    limits: Pick<ChatServerLimits, 'attemptsPerName' | 'attemptRefillMs' | 'attemptKeysMax'>,
    createBuckets: CreateBuckets,
  ) {
    const { attemptsPerName, attemptRefillMs, attemptKeysMax } = limits;
    const bucket = { capacity: attemptsPerName, refillMs: attemptRefillMs, keysMax: attemptKeysMax };
    this.#buckets = createBuckets('attemptsPerName', bucket);
    this.#familiarMax = attemptKeysMax;
  }

  /** Returns the key that attempts from this origin are counted under. */
  countOf(origin: AttemptOrigin): string {
    return this.knownAs(origin) ?? JSON.stringify(['name', origin.name]);
  }

  /** Returns the key of the known device or address, before any password is checked; `null` for a stranger. */
  knownAs({ name, address, device, passwordHash }: AttemptOrigin): string | null {
    if (device !== null) return JSON.stringify(['device', name, device]);
    const place = placeOf(name, address);
    return passwordHash !== null && this.#familiar.get(place) === passwordHash ? place : null;
  }

  /**
   * Counts an attempt. Returns 0, or the milliseconds until the next attempt is allowed; then nothing was counted.
   */
  spend(count: string): number {
    return this.#buckets.spend(count);
  }

  /** Takes an attempt back, because it was not a wrong guess. */
  giveBack(count: string): void {
    this.#buckets.giveBack(count);
  }

  /** Records an address from which a user signed in with everything required. */
  signedIn({ name, address }: Pick<AttemptOrigin, 'name' | 'address'>, passwordHash: string): void {
    const place = placeOf(name, address);
    this.#familiar.delete(place);
    this.#familiar.set(place, passwordHash);
    const [oldest] = this.#familiar.keys();
    if (this.#familiar.size > this.#familiarMax && oldest !== undefined) this.#familiar.delete(oldest);
  }
}

/** Joins the parts of a key. Encodes them as JSON, so that different parts never yield the same key. */
function placeOf(name: string, address: string): string {
  return JSON.stringify(['address', name, address]);
}
