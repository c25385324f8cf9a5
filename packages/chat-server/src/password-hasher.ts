import { hash, parseOptions, verify } from '@node-rs/argon2';
import { Turns } from './turns.js';

/** Argon2id parameters. The default is the OWASP recommendation of 19 MiB and 2 passes, about 25 ms of one core. */
export interface PasswordCost {
  readonly memoryKib: number;
  readonly passes: number;
}

export const defaultPasswordCost: PasswordCost = { memoryKib: 19_456, passes: 2 };

/**
 * Hashes and checks passwords, at most so many at once and so many in line: a flood of log-ins can neither take every core
 * nor every megabyte. Beyond the line it answers `busy` without having done anything.
 */
export class PasswordHasher {
  readonly #cost: PasswordCost;
  readonly #queuedMax: number;
  readonly #turns: Turns;
  #decoy: string | null = null;

  constructor(options: { readonly cost: PasswordCost; readonly atOnce: number; readonly queuedMax: number }) {
    this.#cost = options.cost;
    this.#turns = new Turns(options.atOnce);
    this.#queuedMax = options.queuedMax;
  }

  hash(password: string): Promise<string | 'busy'> {
    return this.#inTurn(() => this.#hashNow(password));
  }

  /** `stored` is `null` for an unknown name: the same work is done, so that the time taken does not tell. */
  verify(stored: string | null, password: string): Promise<boolean | 'busy'> {
    return this.#inTurn(async () => {
      this.#decoy ??= await this.#hashNow('the password of nobody');
      const matches = await verify(stored ?? this.#decoy, password);
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

  async #inTurn<Result>(work: () => Promise<Result>): Promise<Result | 'busy'> {
    if (this.#turns.taken && this.#turns.waiting >= this.#queuedMax) return 'busy';
    return this.#turns.run(work);
  }
}
