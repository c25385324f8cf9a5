import type { User } from '@everywire/chat';
import { ADVISORY_LOCKS } from '../database/advisory-locks.js';
import type { Database, Queries } from '../database/database.js';
import { KeyedTurns } from './keyed-turns.js';
import { parseUser, USER_COLUMNS, type UserRow } from './user-row.js';

/** An account whose row the transaction holds, as it is now. `null`: there is no such account. */
export type HeldAccount = { readonly user: User; readonly passwordHash: string | null } | null;

/**
 * Transactions that check accounts before they write them. Each locks first and reads in later statements.
 *
 * Locks are always taken in this order: all accounts, one account, its other rows. At this node the calls that need one lock take turns before they
 * take a connection: a crowd that waits for a lock must not hold all connections of the pool. So changes of one account run in the order of the calls.
 */
export interface AccountChanges {
  /** For what is checked across accounts: names, identities, the last administrator, links. Only one runs at a time, across all nodes. */
  ofAll<Answer>(work: (at: Queries) => Promise<Answer>): Promise<Answer>;
  /** For what concerns one account alone. */
  ofOne<Answer>(user: number, work: (at: Queries, account: HeldAccount) => Promise<Answer>): Promise<Answer>;
  /** For what concerns one account, and is checked across accounts as well. */
  ofOneAmongAll<Answer>(user: number, work: (at: Queries, account: HeldAccount) => Promise<Answer>): Promise<Answer>;
}

const LOCK_ALL = 'SELECT pg_advisory_xact_lock($1::int8)';
const LOCK_ONE = `SELECT ${USER_COLUMNS}, account.password_hash AS "passwordHash" FROM account WHERE id = $1::int8 FOR UPDATE`;

export function createAccountChanges(database: Database): AccountChanges {
  const turns = new KeyedTurns<number | 'all'>();
  return {
    ofAll: (work) =>
      turns.take('all', () =>
        database.transaction(async (at) => {
          await lockAll(at);
          return work(at);
        }),
      ),
    ofOne: (user, work) =>
      turns.take(user, () => database.transaction(async (at) => work(at, await holdAccount(at, user)))),
    ofOneAmongAll: (user, work) =>
      turns.take('all', () =>
        turns.take(user, () =>
          database.transaction(async (at) => {
            await lockAll(at);
            return work(at, await holdAccount(at, user));
          }),
        ),
      ),
  };
}

/** Locks the account's row until the transaction ends. */
async function holdAccount(at: Queries, user: number): Promise<HeldAccount> {
  const [row] = await at.query<UserRow & { readonly passwordHash: string | null }>(LOCK_ONE, [user]);
  return row === undefined ? null : { user: parseUser(row), passwordHash: row.passwordHash };
}

async function lockAll(at: Queries): Promise<void> {
  await at.query(LOCK_ALL, [ADVISORY_LOCKS.allAccounts]);
}
