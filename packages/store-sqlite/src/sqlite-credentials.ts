import { type Accounts, type ChatLimits, type Credential, StoreError } from '@everywire/chat';
import type Database from 'better-sqlite3';
import type { Access } from './access.js';
import { parseUser, USER_COLUMNS, type UserRow } from './sqlite-people.js';

const DAY_MS = 24 * 60 * 60 * 1_000;

/** `usedAt` moves at most this often: a session that is in use every second must not write every second. */
const USE_STEP_MS = 60_000;

type CredentialRow = [id: string, user: number, label: string, createdAt: number, usedAt: number, transport: string];

const CREDENTIAL_COLUMNS =
  'credential.id, account, label, credential.created_at AS created_at, used_at, credential.transport';

type Credentials = Pick<
  Accounts,
  'createCredential' | 'useCredential' | 'noteTransport' | 'credentials' | 'revokeCredentials'
>;

export function createCredentials(
  database: Database.Database,
  { read, write }: Access,
  limits: ChatLimits,
): Credentials {
  const insert = database.prepare<[string, number, string, number, number, string, string]>(
    `INSERT INTO credential (id, account, label, created_at, used_at, transport, token_hash) VALUES (?, ?, ?, ?, ?, ?, ?)`,
  );
  const byToken = database
    .prepare<[string], CredentialRow>(`SELECT ${CREDENTIAL_COLUMNS} FROM credential WHERE token_hash = ?`)
    .raw();
  const userById = database.prepare<[number], UserRow>(`SELECT ${USER_COLUMNS} FROM account WHERE id = ?`).raw();
  const touch = database.prepare<[number, string]>('UPDATE credential SET used_at = ? WHERE id = ?');
  const setTransport = database.prepare<[string, string]>('UPDATE credential SET transport = ? WHERE id = ?');
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
    createCredential: ({ id, user, label, createdAt, usedAt, transport, tokenHash }) =>
      write(() => void insert.run(id, user, label, createdAt, usedAt, transport, tokenHash)),
    useCredential: async (tokenHash, now) => {
      const row = await read(() => byToken.get(tokenHash));
      if (row === undefined) return null;
      const credential = parseCredential(row);
      const person = await read(() => userById.get(credential.user));
      if (person === undefined) return null;
      const unusedMs = now - credential.usedAt;
      if (unusedMs > limits.credentialDays * DAY_MS) {
        await write(() => remove.run(credential.id, credential.user));
        return null;
      }
      const used = unusedMs < USE_STEP_MS ? credential : await moveUse(credential, now);
      return { user: parseUser(person), credential: used };
    },
    noteTransport: (credential, transport) => write(() => void setTransport.run(transport, credential)),
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

function parseCredential([id, user, label, createdAt, usedAt, transport]: CredentialRow): Credential {
  return { id, user, label, createdAt, usedAt, transport };
}
