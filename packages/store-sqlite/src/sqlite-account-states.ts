import { type Accounts, type ChangeOfState, StoreError, type TextsOfDeleted } from '@everywire/chat';
import type { Access } from './access.js';
import type { Database } from './database/database.js';
import { SEEN_IS_DUE, SET_SEEN } from './sqlite-credentials.js';
import { END_MAILED_LINKS, hashIdentity, type PeopleWrites } from './sqlite-people.js';
import { STATES } from './user-row.js';

type States = Pick<
  Accounts,
  'suspendUser' | 'reactivateUser' | 'deleteUser' | 'erasures' | 'settleErasure' | 'noteSeen'
>;

const TEXTS: readonly TextsOfDeleted[] = ['keep', 'remove'];

/** Tables whose rows are deleted with an account, by their column `account`. */
const OWN_TABLES = ['credential', 'identity', 'link', 'recovery_code', 'second_factor'] as const;

/** Creates the operations on account states, including what a suspension or deletion removes. */
export function createAccountStates(database: Database, { read, write }: Access, people: PeopleWrites): States {
  const setState = database.prepare<[number, number]>('UPDATE account SET state = ? WHERE id = ?');
  const signOut = database.prepare<[number, number]>('UPDATE account SET signed_out_at = ? WHERE id = ?');
  const revoke = database.prepare<[number], string>('DELETE FROM credential WHERE account = ? RETURNING id').pluck();
  const endMailed = database.prepare<[number]>(END_MAILED_LINKS);
  const identities = database.prepare<[number], { issuer: string; subject: string }>(
    'SELECT issuer, subject FROM identity WHERE account = ?',
  );
  const keepFormer = database.prepare<[string, number]>('INSERT OR REPLACE INTO former_identity VALUES (?, ?)');
  const removeOwn = OWN_TABLES.map((table) => database.prepare<[number]>(`DELETE FROM ${table} WHERE account = ?`));
  const empty = database.prepare<[number]>(
    `UPDATE account SET name = '', folded_name = '#' || id, display_name = '', folded_display_name = '', password_hash = '', status = '', avatar = '',
       email = '', email_confirmed = 0, folded_email = '', role = 1 WHERE id = ?`,
  );
  const begin = database.prepare<[number, number]>('INSERT OR REPLACE INTO account_erasure VALUES (?, ?)');
  const due = database.prepare<[], [user: number, texts: number]>('SELECT account, texts FROM account_erasure').raw();
  const settle = database.prepare<[number]>('DELETE FROM account_erasure WHERE account = ?');
  const seen = database.prepare<[number, number, number]>(SET_SEEN);
  const isDue = database.prepare<[number, number]>(`SELECT 1 FROM account WHERE id = ? AND ${SEEN_IS_DUE}`);

  const change = (id: number, state: 'active' | 'suspended', act: () => readonly string[]): ChangeOfState => {
    const user = people.get(id);
    if (user === null || user.state === 'deleted') return { outcome: 'not_found' };
    if (state === 'suspended' && people.isLastAdministrator(user)) return { outcome: 'last_administrator' };
    setState.run(STATES.indexOf(state), id);
    return { outcome: 'changed', user: { ...user, state }, ended: act() };
  };
  const suspend = (id: number, at: number): ChangeOfState =>
    change(id, 'suspended', () => {
      signOut.run(at, id);
      endMailed.run(id);
      return revoke.all(id).sort();
    });
  return {
    suspendUser: (id, at) => write(() => suspend(id, at)),
    reactivateUser: (id) => write(() => change(id, 'active', () => [])),
    deleteUser: (id, texts, at) =>
      write((): ChangeOfState => {
        const suspended = suspend(id, at);
        if (suspended.outcome !== 'changed') return suspended;
        for (const identity of identities.all(id)) keepFormer.run(hashIdentity(identity), id);
        for (const remove of removeOwn) remove.run(id);
        empty.run(id);
        setState.run(STATES.indexOf('deleted'), id);
        begin.run(id, TEXTS.indexOf(texts));
        return { ...suspended, user: people.get(id) ?? suspended.user };
      }),
    erasures: () => read(() => due.all().map(([user, texts]) => ({ user, texts: TEXTS[texts] ?? 'keep' }))),
    settleErasure: (user) => write(() => void settle.run(user)),
    noteSeen: async (user, at) => {
      try {
        // Called for every request with a token of a host application: usually there is nothing to write.
        if (await read(() => isDue.get(user, at) !== undefined)) await write(() => seen.run(at, user, at));
      } catch (error) {
        if (!(error instanceof StoreError)) throw error;
      }
    },
  };
}
