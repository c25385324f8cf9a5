import type {
  AccountRole,
  Accounts,
  ChangeOfUser,
  ChatLimits,
  Identity,
  NewUser,
  User,
  UserChange,
} from '@everywire/chat';
import { foldName } from '@everywire/chat/internal';
import type Database from 'better-sqlite3';
import type { Access } from './access.js';

export type UserRow = [
  id: number,
  name: string,
  displayName: string,
  createdAt: number,
  role: number,
  status: string,
  avatar: string,
];

const ROLES: readonly AccountRole[] = ['guest', 'member', 'administrator'];
const ADMINISTRATOR = ROLES.indexOf('administrator');

export const USER_COLUMNS =
  'account.id, account.name, account.display_name, account.created_at, account.role, account.status, account.avatar';

export function parseUser([id, name, displayName, createdAt, role, status, avatar]: UserRow): User {
  return { id, name, displayName, createdAt, role: ROLES[role] ?? 'guest', status, avatar };
}

/** The table `account` as it is written: each call is part of a transaction of the caller. */
export interface PeopleWrites {
  create(user: NewUser): User | null;
  change(user: number, change: UserChange): ChangeOfUser;
  countAdministrators(): number;
}

export function createPeopleWrites(database: Database.Database): PeopleWrites {
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
  const setEmail = database.prepare<[string, string, number]>(
    'UPDATE account SET email = ?, folded_email = ? WHERE id = ?',
  );
  const setSignedOut = database.prepare<[number, number]>('UPDATE account SET signed_out_at = ? WHERE id = ?');
  const administrators = database
    .prepare<[], number>(`SELECT count(*) FROM account WHERE role = ${ADMINISTRATOR}`)
    .pluck();
  const countAdministrators = (): number => administrators.get() ?? 0;

  return {
    countAdministrators,
    create: ({ name, displayName, passwordHash, createdAt, role = 'member', email = '', avatar = '' }) => {
      const [folded, foldedShown] = [foldName(name), foldName(displayName)];
      const shown = [name, folded, displayName, foldedShown, createdAt] as const;
      const id = insert.get(...shown, passwordHash ?? '', ROLES.indexOf(role), avatar, email, foldName(email));
      return id === undefined ? null : { id, name, displayName, createdAt, role, status: '', avatar };
    },
    change: (id, { passwordHash, email, signedOutAt, ...shown }) => {
      const row = byId.get(id);
      if (row === undefined) return { outcome: 'not_found' };
      const before = parseUser(row);
      const user: User = { ...before, ...shown };
      const folded = foldName(user.name);
      if ((idByName.get(folded) ?? id) !== id) return { outcome: 'name_taken' };
      const demoted = before.role === 'administrator' && user.role !== 'administrator';
      if (demoted && countAdministrators() === 1) return { outcome: 'last_administrator' };
      const { name, displayName, status, avatar } = user;
      update.run(name, folded, displayName, foldName(displayName), ROLES.indexOf(user.role), status, avatar, id);
      if (passwordHash !== undefined) setHash.run(passwordHash, id);
      if (email !== undefined) setEmail.run(email, foldName(email), id);
      if (signedOutAt !== undefined) setSignedOut.run(signedOutAt, id);
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
  | 'users'
  | 'searchUsers'
  | 'usersByEmail'
  | 'privateDetails'
  | 'countUsers'
  | 'countAdministrators'
>;

export function createPeople(
  database: Database.Database,
  { read, write }: Access,
  limits: ChatLimits,
  writes: PeopleWrites,
): PeopleOf {
  const byId = database.prepare<[number], UserRow>(`SELECT ${USER_COLUMNS} FROM account WHERE id = ?`).raw();
  const byName = database
    .prepare<[string], [...UserRow, passwordHash: string]>(
      `SELECT ${USER_COLUMNS}, password_hash FROM account WHERE folded_name = ?`,
    )
    .raw();
  const byEmail = database
    .prepare<[string, number], UserRow>(
      `SELECT ${USER_COLUMNS} FROM account WHERE folded_email = ? AND folded_email <> '' ORDER BY id LIMIT ?`,
    )
    .raw();
  const details = database
    .prepare<[number], [email: string, hasPassword: number, signedOutAt: number]>(
      `SELECT email, password_hash <> '', signed_out_at FROM account WHERE id = ?`,
    )
    .raw();
  const count = database.prepare<[], number>('SELECT count(*) FROM account').pluck();
  // Names are unique once folded, so the folded name alone is the order and the key of a page.
  const search = database
    .prepare<[number | null, string, string, number], UserRow>(
      `SELECT ${USER_COLUMNS} FROM account
       WHERE folded_name > ifnull((SELECT folded_name FROM account WHERE id = ?), '')
         AND (instr(folded_name, ?) > 0 OR instr(folded_display_name, ?) > 0)
       ORDER BY folded_name LIMIT ?`,
    )
    .raw();
  return {
    createUser: (user) => write(() => writes.create(user)),
    changeUser: (user, change) => write(() => writes.change(user, change)),
    passwordHash: (name) =>
      read(() => {
        const row = byName.get(foldName(name));
        if (row === undefined) return null;
        const [id, kept, displayName, createdAt, role, status, avatar, passwordHash] = row;
        const user = parseUser([id, kept, displayName, createdAt, role, status, avatar]);
        return { user, passwordHash: passwordHash === '' ? null : passwordHash };
      }),
    setPasswordHash: (user, passwordHash) => write(() => void writes.change(user, { passwordHash })),
    users: (ids) =>
      read(() => {
        const rows = [...new Set(ids)].sort((a, b) => a - b).map((id) => byId.get(id));
        return rows.filter((row) => row !== undefined).map(parseUser);
      }),
    searchUsers: (query, after, limit) =>
      read(() => {
        const folded = foldName(query);
        return search.all(after, folded, folded, Math.min(limit, limits.usersPageMax)).map(parseUser);
      }),
    usersByEmail: (email, limit) => read(() => byEmail.all(foldName(email), limit).map(parseUser)),
    privateDetails: (user) =>
      read(() => {
        const row = details.get(user);
        if (row === undefined) return null;
        const [email, hasPassword, signedOutAt] = row;
        return { email, hasPassword: hasPassword === 1, signedOutAt };
      }),
    countUsers: () => read(() => count.get() ?? 0),
    countAdministrators: () => read(() => writes.countAdministrators()),
  };
}

type Identities = Pick<Accounts, 'userOf' | 'createUserOf' | 'setting' | 'setSetting'>;

export function createIdentities(
  database: Database.Database,
  { read, write }: Access,
  writes: PeopleWrites,
): Identities {
  const find = database
    .prepare<[string, string], UserRow>(
      `SELECT ${USER_COLUMNS} FROM identity JOIN account ON account.id = account WHERE issuer = ? AND subject = ?`,
    )
    .raw();
  const insert = database.prepare<[string, string, number]>('INSERT INTO identity VALUES (?, ?, ?)');
  const value = database.prepare<[string], string>('SELECT value FROM setting WHERE name = ?').pluck();
  const set = database.prepare<[string, string]>(
    'INSERT INTO setting VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value',
  );
  const unset = database.prepare<[string]>('DELETE FROM setting WHERE name = ?');
  const known = ({ issuer, subject }: Identity): User | null => {
    const row = find.get(issuer, subject);
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
  };
}
