import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createSqliteStore, type SqliteStore } from '../sqlite-store.js';

let directory: string;
let store: SqliteStore;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'everywire-find-people-'));
});
afterEach(async () => {
  await store.close();
  rmSync(directory, { recursive: true });
});

it('people are searched in the search thread, so the writer walks no accounts', async () => {
  store = createSqliteStore({ file: join(directory, 'a.db'), checkpoint: 'inline', limits: { searchesWaitingMax: 1 } });
  const created = { passwordHash: null, createdAt: 1 };
  await store.createUser({ name: 'ann', displayName: '陈', ...created });
  await store.createUser({ name: 'bob', displayName: 'Bob', ...created });
  expect((await store.searchUsers('陈', null, 10)).map(({ name }) => name)).toEqual(['ann']);
  // One waits for the thread; the writer's own thread would have answered both.
  const [first, second] = await Promise.allSettled([
    store.searchUsers('b', null, 10),
    store.searchUsers('b', null, 10),
  ]);
  expect([first.status, second.status]).toEqual(['fulfilled', 'rejected']);
  // A just created account is found.
  await store.createUser({ name: 'cy', displayName: 'Cy', ...created });
  expect(await store.searchUsers('cy', null, 10)).toHaveLength(1);
});
