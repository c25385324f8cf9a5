import { copyFileSync, existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { OWN_SETTINGS } from '@everywire/chat/internal';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openDatabase } from './database/open-database.js';
import { restoreSqliteStore } from './restore-store.js';
import { createSqliteStore } from './sqlite-store.js';

// Tests `restoreSqliteStore`: sign-ins, links and codes that were revoked after the backup must not work again after the
// restore.

let directory: string;
const at = (name: string): string => join(directory, name);
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'everywire-restore-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

const now = 1_700_000_000_000;

/** Inserts an invitation. Its conversation is omitted, because only the row matters. */
function inviteToConversation(creator: number): void {
  const database = openDatabase(at('chat.db'));
  database.pragma('foreign_keys = OFF');
  database.prepare("INSERT INTO invite VALUES (1, x'01', x'02', ?, ?, NULL, NULL, 0)").run(creator, now);
  database.close();
}

function countInvitations(file: string): number {
  const database = openDatabase(file, { readonly: true });
  const count = database.prepare<[], number>('SELECT count(*) FROM invite').pluck().get();
  database.close();
  return count ?? 0;
}

/** Creates a backup of a store in which ann has every means to sign in; they are revoked in the store afterwards. */
async function backUpThenRevoke(): Promise<number> {
  const store = createSqliteStore({ file: at('chat.db'), checkpoint: 'inline', search: 'inline' });
  const ann = await store.createUser({ name: 'ann', displayName: 'Ann', passwordHash: 'hash', createdAt: now });
  const user = ann?.id ?? 0;
  const times = { createdAt: now, usedAt: now, transport: '' };
  await store.createCredential({ id: 'lost', user, label: 'Laptop', ...times, tokenHash: 'token of the lost laptop' });
  for (const kind of ['setup', 'reset', 'guest'] as const) {
    const link = { id: kind, kind, user, label: '', createdAt: now, expiresAt: now + 86_400_000, usesMax: 1 };
    await store.createLink({ ...link, secretHash: kind });
  }
  await store.beginSecondFactor(user, 'secret');
  await store.confirmSecondFactor(user, { secret: 'secret', step: 1 }, ['recovery code']);
  inviteToConversation(user);
  await store.backUp(at('backup.db'));
  await store.revokeCredentials(user, 'all');
  await store.close();
  return user;
}

/** Returns which means to sign in work in a store. */
async function signInMeansIn(file: string, user: number) {
  const store = createSqliteStore({ file, checkpoint: 'inline', search: 'inline' });
  const seen = {
    credential: (await store.useCredential('token of the lost laptop', now))?.credential.id ?? null,
    links: (await Promise.all(['setup', 'reset', 'guest'].map((hash) => store.link(hash, now)))).filter(Boolean).length,
    codes: (await store.secondFactor(user))?.recoveryCodesLeft,
    details: await store.privateDetails(user),
  };
  await store.close();
  return seen;
}

it('a restored store has another id and other keys than the one of the backup', async () => {
  const store = createSqliteStore({ file: at('chat.db'), checkpoint: 'inline', search: 'inline' });
  for (const name of [...OWN_SETTINGS, 'registration']) await store.setSetting(name, 'kept');
  await store.backUp(at('backup.db'));
  await store.close();
  restoreSqliteStore({ backup: at('backup.db'), file: at('restored.db'), keepSignIns: true });
  const restored = createSqliteStore({ file: at('restored.db'), checkpoint: 'inline', search: 'inline' });
  const settings = [...OWN_SETTINGS, 'registration'].map((name) => restored.setting(name));
  expect(await Promise.all(settings)).toEqual([null, null, 'kept']);
  await restored.close();
});

it('a restore ends all means to sign in except passwords, because they may have been revoked', async () => {
  const user = await backUpThenRevoke();
  restoreSqliteStore({ backup: at('backup.db'), file: at('restored.db'), now: now + 5 });
  const details = { email: '', emailConfirmed: false, hasPassword: true, seenAt: now, signedOutAt: now + 5 };
  expect(await signInMeansIn(at('restored.db'), user)).toEqual({ credential: null, links: 0, codes: 0, details });
  expect(countInvitations(at('restored.db'))).toBe(0);
});

it('a restore can keep sign-ins, and does not change the backup', async () => {
  const user = await backUpThenRevoke();
  restoreSqliteStore({ backup: at('backup.db'), file: at('restored.db'), now });
  restoreSqliteStore({ backup: at('backup.db'), file: at('kept.db'), keepSignIns: true, now });
  const details = { email: '', emailConfirmed: false, hasPassword: true, seenAt: now, signedOutAt: 0 };
  expect(await signInMeansIn(at('kept.db'), user)).toEqual({ credential: 'lost', links: 3, codes: 1, details });
  expect(countInvitations(at('kept.db'))).toBe(1);
});

/** Creates the write-ahead log of a killed store with other users. */
async function leaveLog(file: string): Promise<void> {
  const store = createSqliteStore({ file: at('lost.db'), checkpoint: 'inline', search: 'inline' });
  await store.createUser({ name: 'eve', displayName: 'Eve', passwordHash: 'hash of eve', createdAt: now });
  copyFileSync(at('lost.db-wal'), file);
  await store.close();
}

it('a restore is rejected at a path with the log of a lost store, which SQLite would read', async () => {
  await backUpThenRevoke();
  await leaveLog(at('restored.db-wal'));
  const restore = (): void => restoreSqliteStore({ backup: at('backup.db'), file: at('restored.db'), now });
  expect(restore).toThrow(expect.objectContaining({ code: 'store_exists', file: at('restored.db') }));
  expect(existsSync(at('restored.db'))).toBe(false);
  writeFileSync(at('restored.db-wal'), '');
  restore();
  expect(existsSync(at('restored.db'))).toBe(true);
});

it('a restore ignores the files of a killed one', async () => {
  const user = await backUpThenRevoke();
  await leaveLog(at('restored.db.unfinished-wal'));
  restoreSqliteStore({ backup: at('backup.db'), file: at('restored.db'), now });
  const store = createSqliteStore({ file: at('restored.db'), checkpoint: 'inline', search: 'inline' });
  expect((await store.users([user])).map(({ name }) => name)).toEqual(['ann']);
  await store.close();
  expect(readdirSync(directory).filter((name) => name.includes('unfinished'))).toEqual([]);
});

it.each([
  'CREATE TRIGGER keep BEFORE DELETE ON credential BEGIN SELECT raise(ignore); END',
  'CREATE TRIGGER rise AFTER INSERT ON account BEGIN UPDATE account SET role = 2 WHERE id = new.id; END',
  'ALTER TABLE credential RENAME TO other; CREATE VIEW credential AS SELECT * FROM other',
  'ALTER TABLE account ADD COLUMN other INTEGER CHECK (role < 3)',
  'DROP INDEX account_email; ALTER TABLE account DROP COLUMN email_confirmed; ALTER TABLE account ADD COLUMN email_confirmed INTEGER NOT NULL DEFAULT 1',
  'DROP INDEX account_email',
  'CREATE UNIQUE INDEX one_recent_use ON credential (used_at)',
  'CREATE TABLE other (id INTEGER)',
])('a backup with foreign SQL is rejected: %s', async (sql) => {
  await backUpThenRevoke();
  const database = openDatabase(at('backup.db'));
  database.exec(sql);
  database.close();
  const restore = (): void => restoreSqliteStore({ backup: at('backup.db'), file: at('restored.db'), now });
  expect(restore).toThrow(expect.objectContaining({ code: 'store_foreign' }));
  expect(readdirSync(directory).filter((name) => name.startsWith('restored'))).toEqual([]);
});
