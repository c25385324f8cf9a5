import type { Accounts, User } from '@everywire/chat';
import { type DecoyAccounts, DecoyHash } from './decoy-hash.js';
import { RestRefusal } from './error-codes.js';
import type { PasswordHasher } from './password-hasher.js';

/** A person whose password was right, and the hash it was verified by. */
export interface Verified {
  readonly user: User;
  readonly passwordHash: string;
}

/** The same, with where it was said. */
export interface VerifiedThere extends Verified {
  /** What attempts from there count together with. */
  readonly origin: string;
  /** As of `PasswordHasher`. */
  readonly known: string | null;
}

/** A password is replaced less often than it is verified in a row; each round is the work of a log-in. */
const verifyRoundsMax = 3;

export interface PasswordCheckOptions {
  readonly accounts: Pick<Accounts, 'passwordHash' | 'renewPasswordHash'> & DecoyAccounts;
  readonly hasher: Pick<PasswordHasher, 'hash' | 'verify' | 'isOutdated'>;
}

/** Verifies passwords against the hashes that stand. Whether another attempt is allowed, its caller says. */
export class PasswordCheck {
  readonly #options: PasswordCheckOptions;
  readonly #decoys: DecoyHash;

  constructor(options: PasswordCheckOptions) {
    this.#options = options;
    this.#decoys = new DecoyHash(options.accounts);
  }

  /** `known` as of `PasswordHasher`. `null` for a wrong password and an unknown name. Hashing takes a while: the hash that was verified still stands at the end. */
  async verify(name: string, password: string, known: string | null): Promise<Verified | null> {
    const { accounts, hasher } = this.#options;
    const decoy = await this.#decoys.of(name);
    for (let rounds = 0; rounds < verifyRoundsMax; rounds += 1) {
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
   * Where the cost was changed since, now is the only moment at which the password is known; when there is no time, the next log-in
   * will do. Answers the hash that stands if no other password was set meanwhile.
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
