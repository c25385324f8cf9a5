import { hash, parseOptions, verify } from '@node-rs/argon2';

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
  readonly #atOnce: number;
  readonly #queuedMax: number;
  readonly #line: (() => void)[] = [];
  #running = 0;
  #decoy: string | null = null;

  constructor(options: { readonly cost: PasswordCost; readonly atOnce: number; readonly queuedMax: number }) {
    this.#cost = options.cost;
    this.#atOnce = options.atOnce;
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
    if (this.#running >= this.#atOnce) {
      if (this.#line.length >= this.#queuedMax) return 'busy';
      await new Promise<void>((resolve) => this.#line.push(resolve));
    } else {
      this.#running += 1;
    }
    try {
      return await work();
    } finally {
      // The place is handed on, not given back and taken again: nobody can step in between.
      const next = this.#line.shift();
      if (next === undefined) this.#running -= 1;
      else next();
    }
  }
}
