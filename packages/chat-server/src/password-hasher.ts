import { hash, parseOptions, verify } from '@node-rs/argon2';
import { ConcurrencyLimiter } from './concurrency-limiter.js';

/** Argon2id parameters. The default is the OWASP recommendation: 19 MiB and 2 passes, about 25 ms of one core. */
export interface PasswordCost {
  readonly memoryKib: number;
  readonly passes: number;
}

/** The default cost. */
export const defaultPasswordCost: PasswordCost = { memoryKib: 19_456, passes: 2 };

interface PasswordHasherOptions {
  readonly cost: PasswordCost;
  readonly atOnce: number;
  /** Maximum waiting requests of strangers. */
  readonly queuedMax: number;
  /** Maximum waiting requests of known devices and addresses, in addition. */
  readonly knownQueuedMax: number;
}

/**
 * Maximum requests of one known device or address that get priority. Further ones wait like those of strangers, so that
 * one account cannot fill the places of all known devices.
 */
const WAITING_PER_KNOWN_MAX = 2;

/**
 * Hashes and verifies passwords with bounded concurrency and a bounded queue, so that a flood of log-ins can exhaust
 * neither cores nor memory. If the queue is full, answers `busy` without doing any work.
 *
 * `known` identifies the device or address from which the user signed in before (`SignInAttempts.knownAs`); `null` for
 * a stranger. Requests of known devices have their own places in the queue and run first, so that a flood from strangers
 * neither blocks nor delays them.
 */
export class PasswordHasher {
  readonly #cost: PasswordCost;
  readonly #options: PasswordHasherOptions;
  readonly #turns: ConcurrencyLimiter;
  /** Number of requests with priority in the queue or in progress, by known device or address. */
  readonly #withPriority = new Map<string, number>();
  /** A hash that no password matches; `null` until it is first needed. */
  #decoy: string | null = null;

  constructor(options: PasswordHasherOptions) {
    this.#cost = options.cost;
    this.#turns = new ConcurrencyLimiter(options.atOnce);
    this.#options = options;
  }

  /** Hashes a password; `busy` if the queue is full. */
  hash(password: string, known: string | null): Promise<string | 'busy'> {
    return this.#inTurn(known, () => this.#hashNow(password));
  }

  /**
   * Verifies a password; `busy` if the queue is full. `stored` is `null` for an unknown name; the same work is then done,
   * so that the timing does not reveal this. `decoy` is a hash for that case, see `DecoyHash`; without it, the work is that
   * of a hash at the current cost.
   */
  verify(
    stored: string | null,
    password: string,
    known: string | null,
    decoy: string | null = null,
  ): Promise<boolean | 'busy'> {
    return this.#inTurn(known, async () => {
      this.#decoy ??= await this.#hashNow('the password of nobody');
      const matches = await verify(stored ?? decoy ?? this.#decoy, password);
      return matches && stored !== null;
    });
  }

  /** Returns whether a stored hash was made at another cost than the current one. */
  isOutdated(stored: string): boolean {
    const { memoryCost, timeCost } = parseOptions(stored);
    return memoryCost !== this.#cost.memoryKib || timeCost !== this.#cost.passes;
  }

  /** Creates the decoy before the first log-in, which would otherwise take twice as long. */
  async prepare(): Promise<void> {
    this.#decoy ??= await this.#hashNow('the password of nobody');
  }

  #hashNow(password: string): Promise<string> {
    return hash(password, { memoryCost: this.#cost.memoryKib, timeCost: this.#cost.passes, parallelism: 1 });
  }

  async #inTurn<Result>(known: string | null, work: () => Promise<Result>): Promise<Result | 'busy'> {
    const { queuedMax, knownQueuedMax } = this.#options;
    const ofKnown = known === null ? 0 : (this.#withPriority.get(known) ?? 0);
    const goesFirst =
      known !== null && ofKnown < WAITING_PER_KNOWN_MAX && this.#turns.waitingIn('first') < knownQueuedMax;
    if (!goesFirst) {
      if (this.#turns.taken && this.#turns.waitingIn('second') >= queuedMax) return 'busy';
      return this.#turns.run(work);
    }
    this.#withPriority.set(known, ofKnown + 1);
    try {
      return await this.#turns.run(work, 'first');
    } finally {
      const left = (this.#withPriority.get(known) ?? 1) - 1;
      if (left === 0) this.#withPriority.delete(known);
      else this.#withPriority.set(known, left);
    }
  }
}
