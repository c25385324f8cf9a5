import { type Accounts, type ChangeOfState, StoreError, type TextsOfDeleted, type User } from '@everywire/chat';
import type { Database, Queries } from '../database/database.js';
import type { AccountChanges, HeldAccount } from './account-changes.js';
import { revokeOthers } from './credentials.js';
import { moveSeen } from './seen-at.js';
import { endMailedLinks, isLastAdministrator } from './write-people.js';

type States = Pick<
  Accounts,
  'suspendUser' | 'reactivateUser' | 'deleteUser' | 'erasures' | 'settleErasure' | 'noteSeen'
>;

const SUSPEND = 'UPDATE account SET state = 1, signed_out_at = $2::int8 WHERE id = $1::int8';
const REACTIVATE = 'UPDATE account SET state = 0 WHERE id = $1::int8';
/** Copies the hashes of an account's identities, so that these identities cannot sign in with a new account. */
const KEEP_FORMER = `INSERT INTO former_identity (hash, account) SELECT hash, account FROM identity WHERE account = $1::int8
  ON CONFLICT (hash) DO UPDATE SET account = excluded.account`;
/** Delete the rows that belong to an account. `revokeOthers` deletes its sign-ins. */
const REMOVE_OWN: readonly string[] = ['identity', 'link', 'recovery_code', 'second_factor'].map(
  (table) => `DELETE FROM ${table} WHERE account = $1::int8`,
);
/** Marks an account as deleted and clears its personal data. */
const EMPTY = `UPDATE account SET state = 2, name = '', folded_name = NULL, display_name = '', folded_display_name = '', password_hash = NULL,
    status = '', avatar = '', email = '', email_confirmed = false, folded_email = '', role = 1
  WHERE id = $1::int8`;
/** Records that the traces of a deleted account in conversations must be erased. */
const BEGIN_ERASURE = `INSERT INTO account_erasure (account, remove_texts) VALUES ($1::int8, $2::bool)
  ON CONFLICT (account) DO UPDATE SET remove_texts = excluded.remove_texts`;
const ERASURES = 'SELECT account AS "user", remove_texts AS "removeTexts" FROM account_erasure ORDER BY account';
const SETTLE = 'DELETE FROM account_erasure WHERE account = $1::int8';

/** Creates the operations that suspend, reactivate and delete accounts, with the rows that depend on their state. */
export function createAccountStates(database: Database, changes: AccountChanges): States {
  return {
    suspendUser: (user, at) =>
      settled(database, () => changes.ofOneAmongAll(user, (queries, account) => suspend(queries, account, at))),
    reactivateUser: (id) =>
      changes.ofOneAmongAll(id, async (at, account): Promise<ChangeOfState> => {
        const user = account?.user;
        if (user === undefined || user.state === 'deleted') return { outcome: 'not_found' };
        await at.query(REACTIVATE, [id]);
        return { outcome: 'changed', user: { ...user, state: 'active' }, ended: [] };
      }),
    deleteUser: (user, texts, at) =>
      settled(database, () =>
        changes.ofOneAmongAll(user, async (queries, account): Promise<ChangeOfState> => {
          const suspended = await suspend(queries, account, at);
          if (suspended.outcome !== 'changed') return suspended;
          await empty(queries, user, texts);
          return { ...suspended, user: deletedOf(suspended.user) };
        }),
      ),
    erasures: async () => {
      const pending = await database.query<{ readonly user: number; readonly removeTexts: boolean }>(ERASURES);
      return pending.map(({ user, removeTexts }) => ({ user, texts: removeTexts ? 'remove' : 'keep' }));
    },
    settleErasure: async (user) => {
      await database.query(SETTLE, [user]);
    },
    noteSeen: async (user, at) => {
      try {
        await moveSeen(database, user, at);
      } catch (error) {
        // A failure of the database costs only an outdated time.
        if (!(error instanceof StoreError)) throw error;
      }
    },
  };
}

/**
 * Applies a suspension or deletion, then waits for all running transactions, because one of them may still commit a
 * message that was accepted while its sender was active. If each message locked the sender's account instead, every
 * message would be slower, whereas suspensions are rare (CH-40.2).
 */
async function settled(database: Database, change: () => Promise<ChangeOfState>): Promise<ChangeOfState> {
  const changed = await change();
  if (changed.outcome === 'changed') await database.settled();
  return changed;
}

async function suspend(at: Queries, account: HeldAccount, signedOutAt: number): Promise<ChangeOfState> {
  const user = account?.user;
  if (user === undefined || user.state === 'deleted') return { outcome: 'not_found' };
  if (await isLastAdministrator(at, user)) return { outcome: 'last_administrator' };
  await at.query(SUSPEND, [user.id, signedOutAt]);
  await endMailedLinks(at, user.id);
  return { outcome: 'changed', user: { ...user, state: 'suspended' }, ended: await revokeOthers(at, user.id) };
}

async function empty(at: Queries, user: number, texts: TextsOfDeleted): Promise<void> {
  await at.query(KEEP_FORMER, [user]);
  for (const remove of REMOVE_OWN) await at.query(remove, [user]);
  await at.query(EMPTY, [user]);
  await at.query(BEGIN_ERASURE, [user, texts === 'remove']);
}

/** Returns a deleted user, with the values that `EMPTY` writes. */
function deletedOf({ id, createdAt }: User): User {
  const nothing = { name: '', displayName: '', status: '', avatar: '' };
  return { id, createdAt, ...nothing, role: 'member', state: 'deleted' };
}
