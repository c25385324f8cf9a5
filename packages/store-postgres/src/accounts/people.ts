import type { Accounts, ChatLimits, PrivateDetails, User } from '@everywire/chat';
import { foldName } from '@everywire/chat/internal';
import type { Database } from '../database/database.js';
import type { AccountChanges } from './account-changes.js';
import { isStorable } from './storable-text.js';
import { parseUser, STATES, USER_COLUMNS, type UserRow } from './user-row.js';
import {
  changeAccount,
  concernsOthers,
  countAdministrators,
  createAccount,
  hasPasswordHash,
  writePasswordHash,
} from './write-people.js';

type Changes = Pick<Accounts, 'createUser' | 'changeUser' | 'setPasswordHash' | 'renewPasswordHash'>;
type Reads = Pick<
  Accounts,
  | 'passwordHash'
  | 'users'
  | 'searchUsers'
  | 'usersByEmail'
  | 'usersByAvatar'
  | 'privateDetails'
  | 'countUsers'
  | 'countAdministrators'
>;

const BY_NAME = `SELECT ${USER_COLUMNS}, account.password_hash AS "passwordHash" FROM account WHERE folded_name = $1::text`;
const BY_IDS = `SELECT ${USER_COLUMNS} FROM account WHERE id = ANY($1::int8[]) ORDER BY id`;
/**
 * $1 the last account of the previous page, $2 the query, $3 states, $4 the limit. Reads accounts in the order of their
 * folded names (names without differences of case). Folded names are unique, so a page can begin after a folded name.
 */
const SEARCH = `SELECT ${USER_COLUMNS} FROM account
  WHERE folded_name > coalesce((SELECT last.folded_name FROM account last WHERE last.id = $1::int8), '')
    AND (position($2::text IN folded_name) > 0 OR position($2::text IN folded_display_name) > 0)
    AND state = ANY($3::int2[])
  ORDER BY folded_name LIMIT $4::int8`;
const BY_EMAIL = `SELECT ${USER_COLUMNS} FROM account WHERE folded_email = $1::text AND folded_email <> ''
  ORDER BY email_confirmed DESC, id LIMIT $2::int8`;
const BY_AVATAR = `SELECT ${USER_COLUMNS} FROM account WHERE avatar = $1::text AND avatar <> '' ORDER BY id LIMIT $2::int8`;
const DETAILS = `SELECT email, email_confirmed AS "emailConfirmed", password_hash IS NOT NULL AS "hasPassword",
  signed_out_at AS "signedOutAt", seen_at AS "seenAt" FROM account WHERE id = $1::int8`;
const COUNT = 'SELECT count(*) AS n FROM account';

/** Implements the reads and changes of users over the table `account`. */
export function createPeople(database: Database, changes: AccountChanges, limits: ChatLimits): Changes & Reads {
  return { ...createChanges(changes), ...createReads(database, limits) };
}

function createChanges(changes: AccountChanges): Changes {
  return {
    createUser: (user) => changes.ofAll((at) => createAccount(at, user)),
    changeUser: (user, change, condition) => {
      const hold = concernsOthers(change) ? changes.ofOneAmongAll : changes.ofOne;
      return hold(user, (at, account) => changeAccount(at, account, change, condition));
    },
    setPasswordHash: (user, passwordHash, was) =>
      changes.ofOne(user, async (at, account) => {
        if (!hasPasswordHash(account, was)) return false;
        return (await changeAccount(at, account, { passwordHash }, { state: 'active' })).outcome === 'changed';
      }),
    renewPasswordHash: (user, passwordHash, was) =>
      changes.ofOne(user, async (at, account) => {
        if (!hasPasswordHash(account, was)) return false;
        await writePasswordHash(at, user, passwordHash);
        return true;
      }),
  };
}

function createReads(database: Database, { usersPageMax }: ChatLimits): Reads {
  const users = async (text: string, values: readonly unknown[]): Promise<readonly User[]> =>
    (await database.query<UserRow>(text, values)).map(parseUser);
  return {
    passwordHash: async (name) => {
      if (!isStorable(name)) return null;
      const row = await database.query<UserRow & { readonly passwordHash: string | null }>(BY_NAME, [foldName(name)]);
      return row[0] === undefined ? null : { user: parseUser(row[0]), passwordHash: row[0].passwordHash };
    },
    users: (ids) => users(BY_IDS, [[...new Set(ids)]]),
    searchUsers: async (query, after, limit, states = ['active']) => {
      if (!isStorable(query)) return [];
      const wanted = states.map((state) => STATES.indexOf(state));
      return users(SEARCH, [after, foldName(query), wanted, Math.min(limit, usersPageMax)]);
    },
    usersByEmail: async (email, limit) => (isStorable(email) ? users(BY_EMAIL, [foldName(email), limit]) : []),
    usersByAvatar: async (avatar) => (isStorable(avatar) ? users(BY_AVATAR, [avatar, usersPageMax]) : []),
    privateDetails: async (user) => (await database.query<PrivateDetails>(DETAILS, [user]))[0] ?? null,
    countUsers: async () => (await database.query<{ readonly n: number }>(COUNT))[0]?.n ?? 0,
    countAdministrators: () => countAdministrators(database),
  };
}
