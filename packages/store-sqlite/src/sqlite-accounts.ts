import { type Accounts, type ChatLimits, type Credential, StoreError, type User } from '@everywire/chat';
import { foldName } from '@everywire/chat/internal';
import type Database from 'better-sqlite3';

const DAY_MS = 24 * 60 * 60 * 1_000;

/** `usedAt` moves at most this often: a session that is in use every second must not write every second. */
const USE_STEP_MS = 60_000;

type UserRow = [id: number, name: string, displayName: string, createdAt: number];
type CredentialRow = [id: string, user: number, label: string, createdAt: number, usedAt: number];

const USER_COLUMNS = 'id, name, display_name, created_at';
const CREDENTIAL_COLUMNS = 'id, account, label, created_at, used_at';

/** How accounts reach the database: `read` at once, `write` in the next group commit. Both reject with `StoreError`. */
export interface Access {
  read<T>(work: () => T): Promise<T>;
  write<T>(work: () => T): Promise<T>;
}

/** The tables `account` and `credential`: the `Accounts` port. */
export function createSqliteAccounts(database: Database.Database, access: Access, limits: ChatLimits): Accounts {
  return { ...createPeople(database, access, limits), ...createCredentials(database, access, limits) };
}

type People = Pick<
  Accounts,
  'createUser' | 'passwordHash' | 'setPasswordHash' | 'users' | 'searchUsers' | 'countUsers'
>;

function createPeople(database: Database.Database, { read, write }: Access, limits: ChatLimits): People {
  const insert = database
    .prepare<[string, string, string, string, number, string], number>(
      `INSERT INTO account (name, folded_name, display_name, folded_display_name, created_at, password_hash)
       VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (folded_name) DO NOTHING RETURNING id`,
    )
    .pluck();
  const byId = database.prepare<[number], UserRow>(`SELECT ${USER_COLUMNS} FROM account WHERE id = ?`).raw();
  const byName = database
    .prepare<[string], [...UserRow, passwordHash: string]>(
      `SELECT ${USER_COLUMNS}, password_hash FROM account WHERE folded_name = ?`,
    )
    .raw();
  const setHash = database.prepare<[string, number]>('UPDATE account SET password_hash = ? WHERE id = ?');
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
    createUser: ({ name, displayName, passwordHash, createdAt }) =>
      write(() => {
        const id = insert.get(name, foldName(name), displayName, foldName(displayName), createdAt, passwordHash);
        return id === undefined ? null : { id, name, displayName, createdAt };
      }),
    passwordHash: (name) =>
      read(() => {
        const row = byName.get(foldName(name));
        if (row === undefined) return null;
        const [id, kept, displayName, createdAt, passwordHash] = row;
        return { user: parseUser([id, kept, displayName, createdAt]), passwordHash };
      }),
    setPasswordHash: (user, passwordHash) =>
      write(() => {
        setHash.run(passwordHash, user);
      }),
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
    countUsers: () => read(() => count.get() ?? 0),
  };
}

type Credentials = Pick<Accounts, 'createCredential' | 'useCredential' | 'credentials' | 'revokeCredentials'>;

function createCredentials(database: Database.Database, { read, write }: Access, limits: ChatLimits): Credentials {
  const insert = database.prepare<[string, number, string, number, number, string]>(
    `INSERT INTO credential (${CREDENTIAL_COLUMNS}, token_hash) VALUES (?, ?, ?, ?, ?, ?)`,
  );
  const byToken = database
    .prepare<[string], [...UserRow, ...CredentialRow]>(
      `SELECT account.id, name, display_name, account.created_at,
         credential.id, account, label, credential.created_at, used_at
       FROM credential JOIN account ON account.id = account WHERE token_hash = ?`,
    )
    .raw();
  const touch = database.prepare<[number, string]>('UPDATE credential SET used_at = ? WHERE id = ?');
  const ofUser = database
    .prepare<[number], CredentialRow>(
      `SELECT ${CREDENTIAL_COLUMNS} FROM credential WHERE account = ? ORDER BY created_at, id`,
    )
    .raw();
  const remove = database.prepare<[string, number]>('DELETE FROM credential WHERE id = ? AND account = ?');

  const moveUse = async (credential: Credential, now: number): Promise<Credential> => {
    try {
      await write(() => touch.run(now, credential.id));
      return { ...credential, usedAt: now };
    } catch (error) {
      // A full disk must not sign people out while they can still read.
      if (error instanceof StoreError) return credential;
      throw error;
    }
  };
  return {
    createCredential: ({ id, user, label, createdAt, usedAt, tokenHash }) =>
      write(() => {
        insert.run(id, user, label, createdAt, usedAt, tokenHash);
      }),
    useCredential: async (tokenHash, now) => {
      const row = await read(() => byToken.get(tokenHash));
      if (row === undefined) return null;
      const [id, name, displayName, createdAt, ...rest] = row;
      const credential = parseCredential(rest);
      const unusedMs = now - credential.usedAt;
      if (unusedMs > limits.credentialDays * DAY_MS) {
        await write(() => remove.run(credential.id, credential.user));
        return null;
      }
      const used = unusedMs < USE_STEP_MS ? credential : await moveUse(credential, now);
      return { user: { id, name, displayName, createdAt }, credential: used };
    },
    credentials: (user) => read(() => ofUser.all(user).map(parseCredential)),
    revokeCredentials: (user, ids) =>
      write(() => {
        const held = ofUser.all(user).map(([id]) => id);
        const ending = held.filter((id) => ids === 'all' || ids.includes(id)).sort();
        for (const id of ending) remove.run(id, user);
        return ending;
      }),
  };
}

function parseUser([id, name, displayName, createdAt]: UserRow): User {
  return { id, name, displayName, createdAt };
}

function parseCredential([id, user, label, createdAt, usedAt]: CredentialRow): Credential {
  return { id, user, label, createdAt, usedAt };
}
