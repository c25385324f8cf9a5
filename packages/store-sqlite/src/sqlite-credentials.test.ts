import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chatLimits } from '@everywire/chat';
import { expect, onTestFinished, test } from 'vitest';
import { createSqliteStore, type SqliteStore } from './sqlite-store.js';

const at = 1_700_000_000_000;

function signIn(store: SqliteStore, user: number, id: string, usedAt: number): Promise<unknown> {
  const times = { createdAt: at, usedAt, transport: '' };
  return store.createCredential({ id, user, label: '', ...times, tokenHash: `token ${id}` });
}

test('above the limit of sign-ins, those used last are listed, all can be ended, and the next one evicts the surplus', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'everywire-credentials-'));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  const open = (credentialsMax: number): SqliteStore => {
    const options = { checkpoint: 'inline', search: 'inline' } as const;
    const file = join(directory, 'store.sqlite');
    return createSqliteStore({ file, ...options, chatLimits: { ...chatLimits, credentialsMax } });
  };
  const before = open(1_000);
  const [ann, bob] = await Promise.all(
    ['ann', 'bob'].map((name) =>
      before.createUser({ name, displayName: name, passwordHash: 'hash', createdAt: at }).then((user) => user?.id ?? 0),
    ),
  );
  if (ann === undefined || bob === undefined) throw new Error('no account was created');
  for (const user of [ann, bob])
    await Promise.all(
      Array.from({ length: 50 }, (_, number) => signIn(before, user, `${user}-${number}`, at + number)),
    );
  await before.close();
  const store = open(3);
  onTestFinished(() => store.close());
  const latest = [47, 48, 49].map((number) => `${ann}-${number}`);
  expect((await store.credentials(ann)).map(({ id }) => id)).toEqual(latest);
  expect(await store.countCredentials(ann)).toBe(50);
  expect(await signIn(store, ann, 'newest', at + 100)).toMatchObject({ ended: { length: 48 } });
  expect(await store.countCredentials(ann)).toBe(3);
  expect(await store.revokeCredentials(bob, { allBut: `${bob}-0` })).toHaveLength(49);
});
