import { hash, parseOptions, verify } from '@node-rs/argon2';
import { Turns } from './turns.js';

/** Argon2id parameters. The default is the OWASP recommendation of 19 MiB and 2 passes, about 25 ms of one core. */
export interface PasswordCost {
  readonly memoryKib: number;
  readonly passes: number;
}

export const defaultPasswordCost: PasswordCost = { memoryKib: 19_456, passes: 2 };

interface PasswordHasherOptions {
  readonly cost: PasswordCost;
  readonly atOnce: number;
  /** Strangers that wait. */
  readonly queuedMax: number;
  /** Known devices and addresses that wait, besides. */
  readonly knownQueuedMax: number;
}

/** A device that sends more at once waits among strangers: one account must not fill the places of all who are known. */
const waitingPerKnownMax = 2;

/**
 * Hashes and checks passwords, at most so many at once and so many in line: a flood of log-ins can neither take every core
 * nor every megabyte. Beyond the line it answers `busy` without having done anything.
 *
 * `known` names the device or address from which the person signed in before (`SignInAttempts.knownAs`), `null` for a stranger. Those who are known
 * have places of their own and go first, so that strangers who fill the line neither refuse nor delay them.
 */
export class PasswordHasher {
  readonly #cost: PasswordCost;
  readonly #options: PasswordHasherOptions;
  readonly #turns: Turns;
  /** How many of each known device or address are in line or at work. */
  readonly #known = new Map<string, number>();
  #decoy: string | null = null;

  constructor(options: PasswordHasherOptions) {
    this.#cost = options.cost;
    this.#turns = new Turns(options.atOnce);
    this.#options = options;
  }

  hash(password: string, known: string | null): Promise<string | 'busy'> {
    return this.#inTurn(known, () => this.#hashNow(password));
  }

  /**
   * `stored` is `null` for an unknown name: the same work is done, so that the time taken does not tell. `decoy` is a hash of that cost, see `DecoyHash`;
   * without it the work is that of a hash made now.
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

  /** Whether a stored hash was made at another cost than the one set now. */
  isOutdated(stored: string): boolean {
    const { memoryCost, timeCost } = parseOptions(stored);
    return memoryCost !== this.#cost.memoryKib || timeCost !== this.#cost.passes;
  }

  /** Makes the decoy before the first log-in, which would otherwise take twice as long. */
  async prepare(): Promise<void> {
    this.#decoy ??= await this.#hashNow('the password of nobody');
  }

  #hashNow(password: string): Promise<string> {
    return hash(password, { memoryCost: this.#cost.memoryKib, timeCost: this.#cost.passes, parallelism: 1 });
  }

  async #inTurn<Result>(known: string | null, work: () => Promise<Result>): Promise<Result | 'busy'> {
    const { queuedMax, knownQueuedMax } = this.#options;
    const ofKnown = known === null ? 0 : (this.#known.get(known) ?? 0);
    const goesFirst = known !== null && ofKnown < waitingPerKnownMax && this.#turns.waitingIn('first') < knownQueuedMax;
    if (!goesFirst) {
      if (this.#turns.taken && this.#turns.waitingIn('second') >= queuedMax) return 'busy';
      return this.#turns.run(work);
    }
    this.#known.set(known, ofKnown + 1);
    try {
      return await this.#turns.run(work, 'first');
    } finally {
      const left = (this.#known.get(known) ?? 1) - 1;
      if (left === 0) this.#known.delete(known);
      else this.#known.set(known, left);
    }
  }
}
