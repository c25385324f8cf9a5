import { createHmac, randomBytes } from 'node:crypto';
import type { Accounts } from '@everywire/chat';
import { foldName } from '@everywire/chat/internal';

export type DecoyAccounts = Pick<Accounts, 'countUsers' | 'users' | 'passwordHash'>;

/** Accounts that are drawn for one name, so that guests and deleted accounts, which have no password, hardly ever leave it without a hash. */
const drawnMax = 8;

/**
 * Chooses for each name the stored hash of some account, which the password is checked against where the name is unknown. After the cost of passwords
 * was changed, the store has hashes of several costs; a decoy of one fixed cost would show by its time which names exist. A name keeps its
 * account for as long as the process runs.
 */
export class DecoyHash {
  readonly #accounts: DecoyAccounts;
  readonly #key = randomBytes(32);
  /** Accounts when the first name was drawn; 0 before there are any. */
  #count = 0;

  constructor(accounts: DecoyAccounts) {
    this.#accounts = accounts;
  }

  /** Asked for known names as well, which would be answered sooner otherwise. `null` where no drawn account has a password. */
  async of(name: string): Promise<string | null> {
    if (this.#count === 0) this.#count = await this.#accounts.countUsers();
    const count = this.#count;
    if (count === 0) return null;
    const drawn = createHmac('sha256', this.#key).update(foldName(name)).digest();
    const ids = Array.from({ length: drawnMax }, (_, at) => 1 + (drawn.readUInt32LE(at * 4) % count));
    const people = new Map((await this.#accounts.users(ids)).map((user) => [user.id, user]));
    for (const id of ids) {
      const user = people.get(id);
      const held = user === undefined ? null : await this.#accounts.passwordHash(user.name);
      if (held !== null && held.passwordHash !== null) return held.passwordHash;
    }
    return null;
  }
}
