import type { Accounts, User } from '@everywire/chat';
import { type DecoyAccounts, DecoyHash } from './decoy-hash.js';
import { RestRefusal } from './error-codes.js';
import type { PasswordHasher } from './password-hasher.js';

/** A user whose password was correct, and the hash that verified it. */
export interface Verified {
  readonly user: User;
  readonly passwordHash: string;
}

/** A user whose password was verified, with the origin of the attempt. */
export interface VerifiedThere extends Verified {
  /** The key under which attempts from this origin are counted. */
  readonly origin: string;
  /** See `PasswordHasher`. */
  readonly known: string | null;
}

/** Maximum rounds for a password that is replaced while it is verified; each round costs as much as a log-in. */
const VERIFY_ROUNDS_MAX = 3;

/** Dependencies of `PasswordCheck`. */
export interface PasswordCheckOptions {
  readonly accounts: Pick<Accounts, 'passwordHash' | 'renewPasswordHash'> & DecoyAccounts;
  readonly hasher: Pick<PasswordHasher, 'hash' | 'verify' | 'isOutdated'>;
}

/** Verifies passwords against the stored hashes. The caller must check whether another attempt is allowed. */
export class PasswordCheck {
  readonly #options: PasswordCheckOptions;
  readonly #decoys: DecoyHash;

  constructor(options: PasswordCheckOptions) {
    this.#options = options;
    this.#decoys = new DecoyHash(options.accounts);
  }

  /**
   * Verifies a password; `null` if it is wrong or the name is unknown. Hashing takes a while, so this ensures that the
   * verified hash is still current at the end. `known`: see `PasswordHasher`.
   * @throws RestRefusal `busy`
   */
  async verify(name: string, password: string, known: string | null): Promise<Verified | null> {
    const { accounts, hasher } = this.#options;
    const decoy = await this.#decoys.of(name);
    for (let rounds = 0; rounds < VERIFY_ROUNDS_MAX; rounds += 1) {
      const held = await accounts.passwordHash(name);
      const matches = await hasher.verify(held?.passwordHash ?? null, password, known, decoy);
      if (matches === 'busy') throw new RestRefusal('busy', 1_000);
      if (!matches || held === null || held.passwordHash === null) return null;
      const verified = {
        user: held.user,
        passwordHash: await this.#renewHash(held.user, held.passwordHash, { password, known }),
      };
      if ((await accounts.passwordHash(name))?.passwordHash === verified.passwordHash) return verified;
    }
    throw new RestRefusal('busy', 1_000);
  }

  /**
   * Rehashes the password if the cost has changed; only now is the password known. If the hasher is busy, the next
   * log-in does it. Returns the current hash, unless the password was changed meanwhile.
   */
  async #renewHash(
    user: User,
    was: string,
    { password, known }: { readonly password: string; readonly known: string | null },
  ): Promise<string> {
    const { accounts, hasher } = this.#options;
    if (!hasher.isOutdated(was)) return was;
    const renewed = await hasher.hash(password, known);
    return renewed !== 'busy' && (await accounts.renewPasswordHash(user.id, renewed, was)) ? renewed : was;
  }
}
