import { type Accounts, type ChatLimits, type Credential, type RevokedCredentials, StoreError } from '@everywire/chat';
import type { Access } from './access.js';
import type { Database } from './database/database.js';
import type { PeopleWrites } from './sqlite-people.js';
import { parseUser, USER_COLUMNS, type UserRow } from './user-row.js';

const DAY_MS = 24 * 60 * 60 * 1_000;

/**
 * Milliseconds between two updates of `usedAt` and `seenAt`: a session in constant use must not cause constant writes.
 */
const USE_STEP_MS = 60_000;

/** SQL with parameter (time): whether `seen_at` is due for an update. */
export const SEEN_IS_DUE: string = `abs(? - seen_at) >= ${USE_STEP_MS}`;
/** SQL with parameters (time, account, time). */
export const SET_SEEN: string = `UPDATE account SET seen_at = ? WHERE id = ? AND ${SEEN_IS_DUE}`;

type CredentialRow = [id: string, user: number, label: string, createdAt: number, usedAt: number, transport: string];

const LATEST_USE = 'used_at DESC, created_at DESC, id DESC';

const CREDENTIAL_COLUMNS =
  'credential.id, account, label, credential.created_at AS created_at, used_at, credential.transport';

type Credentials = Pick<
  Accounts,
  'createCredential' | 'useCredential' | 'noteTransport' | 'credentials' | 'countCredentials' | 'revokeCredentials'
>;

/** Creates the operations on sign-ins. */
export function createCredentials(
  database: Database,
  { read, write }: Access,
  limits: ChatLimits,
  people: Pick<PeopleWrites, 'hasPasswordHash'>,
): Credentials {
  const insert = database.prepare<[string, string, number, number, string, string, number]>(
    `INSERT INTO credential (id, account, label, created_at, used_at, transport, token_hash)
     SELECT ?, id, ?, ?, ?, ?, ? FROM account WHERE id = ? AND state = 0`,
  );
  const byToken = database
    .prepare<[string], CredentialRow>(`SELECT ${CREDENTIAL_COLUMNS} FROM credential WHERE token_hash = ?`)
    .raw();
  const userById = database.prepare<[number], UserRow>(`SELECT ${USER_COLUMNS} FROM account WHERE id = ?`).raw();
  const touch = database.prepare<[number, string]>('UPDATE credential SET used_at = ? WHERE id = ?');
  const seen = database.prepare<[number, number, number]>(SET_SEEN);
  const setTransport = database.prepare<[string, string]>('UPDATE credential SET transport = ? WHERE id = ?');
  const ofUser = database
    .prepare<[number, number], CredentialRow>(
      `SELECT * FROM (SELECT ${CREDENTIAL_COLUMNS} FROM credential WHERE account = ? ORDER BY ${LATEST_USE} LIMIT ?) ORDER BY created_at, id`,
    )
    .raw();
  const count = database.prepare<[number], number>('SELECT count(*) FROM credential WHERE account = ?').pluck();
  const endUnused = database
    .prepare<[number, string, number], string>(
      `DELETE FROM credential WHERE id IN
         (SELECT id FROM credential WHERE account = ? AND id <> ? ORDER BY ${LATEST_USE} LIMIT -1 OFFSET ?) RETURNING id`,
    )
    .pluck();
  const endOthers = database
    .prepare<[number, string], string>('DELETE FROM credential WHERE account = ? AND id <> ? RETURNING id')
    .pluck();
  const remove = database.prepare<[string, number]>('DELETE FROM credential WHERE id = ? AND account = ?');

  const revoke = (user: number, ids: RevokedCredentials): readonly string[] => {
    // No sign-in has an empty id.
    if (ids === 'all') return endOthers.all(user, '');
    if ('allBut' in ids) return endOthers.all(user, ids.allBut);
    return [...new Set(ids)].filter((id) => remove.run(id, user).changes > 0);
  };
  const moveUse = async (credential: Credential, now: number): Promise<Credential> => {
    try {
      await write(() => {
        touch.run(now, credential.id);
        seen.run(now, credential.user, now);
      });
      return { ...credential, usedAt: now };
    } catch (error) {
      // A full disk must not sign out users who can still read.
      if (error instanceof StoreError) return credential;
      throw error;
    }
  };
  return {
    createCredential: ({ id, user, label, createdAt, usedAt, transport, tokenHash }, passwordHash) =>
      write(() => {
        if (passwordHash !== undefined && !people.hasPasswordHash(user, passwordHash)) return null;
        if (insert.run(id, label, createdAt, usedAt, transport, tokenHash, user).changes === 0) return null;
        seen.run(usedAt, user, usedAt);
        return { ended: endUnused.all(user, id, limits.credentialsMax - 1).sort() };
      }),
    useCredential: async (tokenHash, now, usedNow = now) => {
      const row = await read(() => byToken.get(tokenHash));
      if (row === undefined) return null;
      const credential = parseCredential(row);
      const person = await read(() => userById.get(credential.user));
      if (person === undefined || parseUser(person).state !== 'active') return null;
      if (usedNow - credential.usedAt > limits.credentialDays * DAY_MS) {
        await write(() => remove.run(credential.id, credential.user));
        return null;
      }
      const used = Math.abs(now - credential.usedAt) < USE_STEP_MS ? credential : await moveUse(credential, now);
      return { user: parseUser(person), credential: used };
    },
    noteTransport: (credential, transport) => write(() => void setTransport.run(transport, credential)),
    credentials: (user) => read(() => ofUser.all(user, limits.credentialsMax).map(parseCredential)),
    countCredentials: (user) => read(() => count.get(user) ?? 0),
    revokeCredentials: (user, ids) => write(() => [...revoke(user, ids)].sort()),
  };
}

function parseCredential([id, user, label, createdAt, usedAt, transport]: CredentialRow): Credential {
  return { id, user, label, createdAt, usedAt, transport };
}
