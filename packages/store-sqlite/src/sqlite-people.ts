import { createHash } from 'node:crypto';
import type {
  Accounts,
  ChangeCondition,
  ChangeOfUser,
  ChatLimits,
  Identity,
  NewUser,
  User,
  UserChange,
} from '@everywire/chat';
import { foldName } from '@everywire/chat/internal';
import type { Access } from './access.js';
import type { Database } from './database/database.js';
import type { Searcher } from './search/search-thread.js';
import { ADMINISTRATOR, parseUser, ROLES, USER_COLUMNS, type UserRow } from './user-row.js';

/** Writes of the table `account`; each must be called within a transaction. */
export interface PeopleWrites {
  create(user: NewUser): User | null;
  change(user: number, change: UserChange, condition?: ChangeCondition): ChangeOfUser;
  /** Counts active administrators. */
  countAdministrators(): number;
  /** Returns whether it is the current password hash; false for a user without a password. */
  hasPasswordHash(user: number, passwordHash: string): boolean;
  renewPasswordHash(user: number, passwordHash: string, was: string): boolean;
  /** Returns whether there would be no active administrator without this one. */
  isLastAdministrator(user: User): boolean;
  get(user: number): User | null;
}

/** Ends mailed secrets of an account: the password reset link and the address code. SQL with parameter (account). */
export const END_MAILED_LINKS = "DELETE FROM link WHERE kind IN ('reset', 'email') AND account = ?";

/** Fields of a change that other users do not see. */
type PrivateChange = {
  readonly [Part in 'passwordHash' | 'email' | 'emailConfirmed' | 'signedOutAt']: UserChange[Part] | undefined;
};

/** Creates the table's write statements. */
export function createPeopleWrites(database: Database): PeopleWrites {
  const insert = database
    .prepare<[string, string, string, string, number, string, number, string, string, string], number>(
      `INSERT INTO account (name, folded_name, display_name, folded_display_name, created_at, password_hash, role, avatar,
         email, folded_email)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (folded_name) DO NOTHING RETURNING id`,
    )
    .pluck();
  const byId = database.prepare<[number], UserRow>(`SELECT ${USER_COLUMNS} FROM account WHERE id = ?`).raw();
  const idByName = database.prepare<[string], number>('SELECT id FROM account WHERE folded_name = ?').pluck();
  const update = database.prepare<[string, string, string, string, number, string, string, number]>(
    `UPDATE account SET name = ?, folded_name = ?, display_name = ?, folded_display_name = ?, role = ?, status = ?, avatar = ?
     WHERE id = ?`,
  );
  const setHash = database.prepare<[string, number]>('UPDATE account SET password_hash = ? WHERE id = ?');
  const hashOf = database.prepare<[number], string>('SELECT password_hash FROM account WHERE id = ?').pluck();
  const endMailed = database.prepare<[number]>(END_MAILED_LINKS);
  const setEmail = database.prepare<[string, string, string, number]>(
    'UPDATE account SET email_confirmed = email_confirmed AND email = ?, email = ?, folded_email = ? WHERE id = ?',
  );
  const confirmEmail = database.prepare<[number]>("UPDATE account SET email_confirmed = email <> '' WHERE id = ?");
  const setSignedOut = database.prepare<[number, number]>('UPDATE account SET signed_out_at = ? WHERE id = ?');
  const administrators = database
    .prepare<[], number>(`SELECT count(*) FROM account WHERE role = ${ADMINISTRATOR} AND state = 0`)
    .pluck();
  const countAdministrators = (): number => administrators.get() ?? 0;
  const changePrivate = (id: number, { passwordHash, email, emailConfirmed, signedOutAt }: PrivateChange): void => {
    if (passwordHash !== undefined || email !== undefined) endMailed.run(id);
    if (passwordHash !== undefined) setHash.run(passwordHash, id);
    if (email !== undefined) setEmail.run(email, email, foldName(email), id);
    if (emailConfirmed) confirmEmail.run(id);
    if (signedOutAt !== undefined) setSignedOut.run(signedOutAt, id);
  };
  const hasPasswordHash = (id: number, passwordHash: string): boolean =>
    passwordHash !== '' && hashOf.get(id) === passwordHash;
  const isLast = ({ role, state }: User): boolean =>
    role === 'administrator' && state === 'active' && countAdministrators() === 1;

  const get = (id: number): User | null => {
    const row = byId.get(id);
    return row === undefined ? null : parseUser(row);
  };
  return {
    countAdministrators,
    hasPasswordHash,
    renewPasswordHash: (id, passwordHash, was) => {
      if (!hasPasswordHash(id, was)) return false;
      setHash.run(passwordHash, id);
      return true;
    },
    isLastAdministrator: isLast,
    get,
    create: ({ name, displayName, passwordHash, createdAt, role = 'member', email = '', avatar = '' }) => {
      const [folded, foldedShown] = [foldName(name), foldName(displayName)];
      const shown = [name, folded, displayName, foldedShown, createdAt] as const;
      const id = insert.get(...shown, passwordHash ?? '', ROLES.indexOf(role), avatar, email, foldName(email));
      return id === undefined ? null : { id, name, displayName, createdAt, role, state: 'active', status: '', avatar };
    },
    change: (id, { passwordHash, email, emailConfirmed, signedOutAt, ...shown }, condition = {}) => {
      const before = get(id);
      if (before === null || before.state === 'deleted') return { outcome: 'not_found' };
      if ((condition.state ?? before.state) !== before.state) return { outcome: 'not_active' };
      if ((condition.role ?? before.role) !== before.role) return { outcome: 'other_role' };
      const user: User = { ...before, ...shown };
      const folded = foldName(user.name);
      if ((idByName.get(folded) ?? id) !== id) return { outcome: 'name_taken' };
      if (user.role !== 'administrator' && isLast(before)) return { outcome: 'last_administrator' };
      const { name, displayName, status, avatar } = user;
      update.run(name, folded, displayName, foldName(displayName), ROLES.indexOf(user.role), status, avatar, id);
      changePrivate(id, { passwordHash, email, emailConfirmed, signedOutAt });
      return { outcome: 'changed', user };
    },
  };
}

type PeopleOf = Pick<
  Accounts,
  | 'createUser'
  | 'changeUser'
  | 'passwordHash'
  | 'setPasswordHash'
  | 'renewPasswordHash'
  | 'users'
  | 'searchUsers'
  | 'usersByEmail'
  | 'usersByAvatar'
  | 'privateDetails'
  | 'countUsers'
  | 'countAdministrators'
>;

/** Creates the operations on accounts. */
export function createPeople(
  database: Database,
  { read, write }: Access,
  {
    limits,
    writes,
    searcher,
  }: { readonly limits: ChatLimits; readonly writes: PeopleWrites; readonly searcher: Searcher },
): PeopleOf {
  const byId = database.prepare<[number], UserRow>(`SELECT ${USER_COLUMNS} FROM account WHERE id = ?`).raw();
  const byName = database
    .prepare<[string], [...UserRow, passwordHash: string]>(
      `SELECT ${USER_COLUMNS}, password_hash FROM account WHERE folded_name = ?`,
    )
    .raw();
  const byEmail = database
    .prepare<[string, number], UserRow>(
      `SELECT ${USER_COLUMNS} FROM account WHERE folded_email = ? AND folded_email <> ''
       ORDER BY email_confirmed DESC, id LIMIT ?`,
    )
    .raw();
  const byAvatar = database
    .prepare<[string, number], UserRow>(
      `SELECT ${USER_COLUMNS} FROM account INDEXED BY account_avatar
       WHERE avatar = ? AND avatar <> '' ORDER BY id LIMIT ?`,
    )
    .raw();
  const details = database
    .prepare<
      [number],
      [email: string, emailConfirmed: number, hasPassword: number, signedOutAt: number, seenAt: number]
    >(`SELECT email, email_confirmed, password_hash <> '', signed_out_at, seen_at FROM account WHERE id = ?`)
    .raw();
  const count = database.prepare<[], number>('SELECT count(*) FROM account').pluck();
  return {
    createUser: (user) => write(() => writes.create(user)),
    changeUser: (user, change, condition) => write(() => writes.change(user, change, condition)),
    passwordHash: (name) =>
      read(() => {
        const row = byName.get(foldName(name));
        if (row === undefined) return null;
        const passwordHash = String(row.at(-1));
        const user = parseUser(row.slice(0, -1) as UserRow);
        return { user, passwordHash: passwordHash === '' ? null : passwordHash };
      }),
    setPasswordHash: (user, passwordHash, was) =>
      write(() => {
        if (!writes.hasPasswordHash(user, was)) return false;
        return writes.change(user, { passwordHash }, { state: 'active' }).outcome === 'changed';
      }),
    renewPasswordHash: (user, passwordHash, was) => write(() => writes.renewPasswordHash(user, passwordHash, was)),
    users: (ids) =>
      read(() => {
        const rows = [...new Set(ids)].sort((a, b) => a - b).map((id) => byId.get(id));
        return rows.filter((row) => row !== undefined).map(parseUser);
      }),
    searchUsers: (...question) => read(() => searcher.ask('findPeople', question)),
    usersByEmail: (email, limit) => read(() => byEmail.all(foldName(email), limit).map(parseUser)),
    usersByAvatar: (avatar) => read(() => byAvatar.all(avatar, limits.usersPageMax).map(parseUser)),
    privateDetails: (user) =>
      read(() => {
        const row = details.get(user);
        if (row === undefined) return null;
        const [email, emailConfirmed, hasPassword, signedOutAt, seenAt] = row;
        return { email, emailConfirmed: emailConfirmed === 1, hasPassword: hasPassword === 1, signedOutAt, seenAt };
      }),
    countUsers: () => read(() => count.get() ?? 0),
    countAdministrators: () => read(() => writes.countAdministrators()),
  };
}

type Identities = Pick<Accounts, 'userOf' | 'createUserOf' | 'setting' | 'setSetting' | 'initSetting'>;

/** Returns the hash that is kept of an identity whose account is deleted. */
export function hashIdentity({ issuer, subject }: Identity): string {
  return createHash('sha256')
    .update(JSON.stringify([issuer, subject]))
    .digest('base64url');
}

/** Creates the operations on identities of host applications and providers. */
export function createIdentities(database: Database, { read, write }: Access, writes: PeopleWrites): Identities {
  const find = database
    .prepare<[string, string], UserRow>(
      `SELECT ${USER_COLUMNS} FROM identity JOIN account ON account.id = account WHERE issuer = ? AND subject = ?`,
    )
    .raw();
  const findFormer = database
    .prepare<[string], UserRow>(
      `SELECT ${USER_COLUMNS} FROM former_identity JOIN account ON account.id = account WHERE hash = ?`,
    )
    .raw();
  const insert = database.prepare<[string, string, number]>('INSERT INTO identity VALUES (?, ?, ?)');
  const value = database.prepare<[string], string>('SELECT value FROM setting WHERE name = ?').pluck();
  const set = database.prepare<[string, string]>(
    'INSERT INTO setting VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value',
  );
  const init = database.prepare<[string, string]>('INSERT INTO setting VALUES (?, ?) ON CONFLICT (name) DO NOTHING');
  const unset = database.prepare<[string]>('DELETE FROM setting WHERE name = ?');
  const known = (identity: Identity): User | null => {
    const row = find.get(identity.issuer, identity.subject) ?? findFormer.get(hashIdentity(identity));
    return row === undefined ? null : parseUser(row);
  };
  return {
    userOf: (identity) => read(() => known(identity)),
    createUserOf: (identity, user) =>
      write(() => {
        const there = known(identity);
        if (there !== null) return there;
        const created = writes.create(user);
        if (created !== null) insert.run(identity.issuer, identity.subject, created.id);
        return created;
      }),
    setting: (name) => read(() => value.get(name) ?? null),
    setSetting: (name, next) => write(() => void (next === null ? unset.run(name) : set.run(name, next))),
    initSetting: (name, first) =>
      write(() => {
        init.run(name, first);
        return value.get(name) ?? first;
      }),
  };
}
