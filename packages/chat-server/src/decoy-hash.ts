import { createHmac, randomBytes } from 'node:crypto';
import type { Accounts } from '@everywire/chat';
import { foldName } from '@everywire/chat/internal';

/** The account queries that `DecoyHash` needs. */
export type DecoyAccounts = Pick<Accounts, 'countUsers' | 'users' | 'passwordHash'>;

/**
 * Maximum accounts that are drawn for one name until one has a password. Guests and deleted accounts have none. With
 * this many draws, nearly every name gets a decoy.
 */
const DRAWN_MAX = 8;

/**
 * Assigns a decoy to each name: the stored password hash of a pseudo-random account. If the name of a log-in is
 * unknown, the password is verified against the decoy, so that the timing does not reveal that the name is unknown. The
 * decoy is a stored hash because the store may have hashes of several costs (the work of one verification), and a decoy
 * of a fixed cost would be recognised by its timing. A name keeps its decoy while the process runs.
 */
export class DecoyHash {
  readonly #accounts: DecoyAccounts;
  readonly #key = randomBytes(32);
  /** Number of accounts when the first name was drawn; 0 before there are any. */
  #count = 0;

  constructor(accounts: DecoyAccounts) {
    this.#accounts = accounts;
  }

  /**
   * Returns the decoy of a name; `null` if no drawn account has a password. Must be called for known names too, to keep
   * the timing equal.
   */
  async of(name: string): Promise<string | null> {
    if (this.#count === 0) this.#count = await this.#accounts.countUsers();
    const count = this.#count;
    if (count === 0) return null;
    const drawn = createHmac('sha256', this.#key).update(foldName(name)).digest();
    const ids = Array.from({ length: DRAWN_MAX }, (_, at) => 1 + (drawn.readUInt32LE(at * 4) % count));
    const people = new Map((await this.#accounts.users(ids)).map((user) => [user.id, user]));
    for (const id of ids) {
      const user = people.get(id);
      const held = user === undefined ? null : await this.#accounts.passwordHash(user.name);
      if (held !== null && held.passwordHash !== null) return held.passwordHash;
    }
    return null;
  }
}
