import type { User } from '@everywire/chat';
import { ADVISORY_LOCKS } from '../database/advisory-locks.js';
import type { Database, Queries } from '../database/database.js';
import { KeyedQueue } from './keyed-queue.js';
import { parseUser, USER_COLUMNS, type UserRow } from './user-row.js';

/** The current state of an account whose row the transaction has locked; `null` if there is no such account. */
export type HeldAccount = { readonly user: User; readonly passwordHash: string | null } | null;

/**
 * Runs transactions that check accounts before they write them. Each transaction takes its locks first and reads in
 * later statements, which see what other transactions committed meanwhile.
 *
 * To avoid deadlocks, a transaction takes locks in this order: the lock of all accounts, the row of one account, the
 * other rows of this account. Within this node, calls that need the same lock are queued before they take a connection,
 * so that waiting calls cannot use up the pool. So changes of one account run in the order of the calls.
 */
export interface AccountChanges {
  /**
   * Runs a change that depends on other accounts: on their names or identities, on the last administrator, or on links.
   * Only one such change runs at a time, across all nodes.
   */
  ofAll<Answer>(work: (at: Queries) => Promise<Answer>): Promise<Answer>;
  /** Runs a change that concerns one account only. */
  ofOne<Answer>(user: number, work: (at: Queries, account: HeldAccount) => Promise<Answer>): Promise<Answer>;
  /** Runs a change of one account that also depends on other accounts. */
  ofOneAmongAll<Answer>(user: number, work: (at: Queries, account: HeldAccount) => Promise<Answer>): Promise<Answer>;
}

const LOCK_ALL = 'SELECT pg_advisory_xact_lock($1::int8)';
const LOCK_ONE = `SELECT ${USER_COLUMNS}, account.password_hash AS "passwordHash" FROM account WHERE id = $1::int8 FOR UPDATE`;

/** Creates the transactions over a database. */
export function createAccountChanges(database: Database): AccountChanges {
  const queue = new KeyedQueue<number | 'all'>();
  return {
    ofAll: (work) =>
      queue.run('all', () =>
        database.transaction(async (at) => {
          await lockAll(at);
          return work(at);
        }),
      ),
    ofOne: (user, work) =>
      queue.run(user, () => database.transaction(async (at) => work(at, await holdAccount(at, user)))),
    ofOneAmongAll: (user, work) =>
      queue.run('all', () =>
        queue.run(user, () =>
          database.transaction(async (at) => {
            await lockAll(at);
            return work(at, await holdAccount(at, user));
          }),
        ),
      ),
  };
}

/** Locks the account's row until the transaction ends, and returns it; `null` if there is no such account. */
async function holdAccount(at: Queries, user: number): Promise<HeldAccount> {
  const [row] = await at.query<UserRow & { readonly passwordHash: string | null }>(LOCK_ONE, [user]);
  return row === undefined ? null : { user: parseUser(row), passwordHash: row.passwordHash };
}

/** Takes the lock of all accounts, an advisory lock, until the transaction ends. */
async function lockAll(at: Queries): Promise<void> {
  await at.query(LOCK_ALL, [ADVISORY_LOCKS.allAccounts]);
}
