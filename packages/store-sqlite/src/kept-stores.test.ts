import { copyFileSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chatLimits } from '@everywire/chat';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkSqliteStore } from './damage/check-store.js';
import { openDatabase } from './database/open-database.js';
import { restoreSqliteStore } from './restore-store.js';
import { MIGRATIONS } from './schema.js';
import { createSqliteStore, type SqliteStore } from './sqlite-store.js';

// Tests that the stores of all earlier versions can still be opened and keep their rows.

/** Stores written by earlier versions, each by the last program with its schema. */
const oldStores = fileURLToPath(new URL('../test-stores/', import.meta.url));
const latest = MIGRATIONS.at(-1)?.version ?? 0;
const versions = Array.from({ length: latest - 1 }, (_, index) => index + 1);

let directory: string;
let store: SqliteStore;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'everywire-kept-'));
});
afterEach(async () => {
  await store.close();
  rmSync(directory, { recursive: true });
});

/** Opens a copy of the store of this version. Returns its file. */
function open(version: number): string {
  const file = join(directory, 'chat.db');
  copyFileSync(join(oldStores, `version-${version}.db`), file);
  store = createSqliteStore({ file, checkpoint: 'inline', chatLimits: { ...chatLimits, smallMembersMax: 3 } });
  return file;
}

/** Returns every row of every table, with the columns of `of`, by name, in key order. */
function rowsOf(file: string, of: string): ReadonlyMap<string, readonly unknown[]> {
  const [database, shape] = [openDatabase(file, { readonly: true }), openDatabase(of, { readonly: true })];
  const tables = shape.prepare<[], string>("SELECT name FROM sqlite_schema WHERE type = 'table'").pluck().all();
  const rows = new Map(
    tables
      .filter((table) => !table.startsWith('sqlite_'))
      .map((table) => {
        const columns = (shape.pragma(`table_info(${table})`) as { name: string }[]).map(({ name }) => name).join();
        return [table, database.prepare(`SELECT ${columns} FROM ${table} ORDER BY ${columns}`).raw().all()] as const;
      }),
  );
  database.close();
  shape.close();
  return rows;
}

it('there is a kept store of every earlier version, and no other', () => {
  store = createSqliteStore({ file: join(directory, 'chat.db'), checkpoint: 'inline' });
  expect(readdirSync(oldStores).sort()).toEqual(versions.map((version) => `version-${version}.db`).sort());
});

describe.each(versions)('a store of version %i', (version) => {
  it('an older store is copied before migration and keeps every row', async () => {
    const file = open(version);
    expect(store.migration).toEqual({ from: version, to: latest, backup: `${file}.before-v${latest}` });
    // Even a reader creates files next to a store, which must not be kept.
    const original = join(directory, 'original.db');
    copyFileSync(join(oldStores, `version-${version}.db`), original);
    await store.close();
    const before = rowsOf(original, original);
    expect(before.get('message')?.length).toBeGreaterThan(10);
    expect(rowsOf(file, original)).toEqual(before);
    expect(existsSync(`${file}.before-v${latest}`)).toBe(true);
    expect(checkSqliteStore({ file })).toEqual([]);
  });

  it('an older backup can be restored', () => {
    const restored = join(directory, 'restored.db');
    restoreSqliteStore({ backup: join(oldStores, `version-${version}.db`), file: restored });
    store = createSqliteStore({
      file: restored,
      checkpoint: 'inline',
      chatLimits: { ...chatLimits, smallMembersMax: 3 },
    });
    expect(store.migration).toMatchObject({ from: version, to: latest });
  });

  it('an older store can be read and written', async () => {
    open(version);
    const { entries } = await store.list(2, null, 100);
    const [large, direct, group] = ['Large', '', 'Renamed'].map((name) => entries.find((entry) => entry.name === name));
    expect(large).toMatchObject({ unread: 4, large: true, mentions: 0, threads: [], hiddenAt: 0, pinsAt: 0 });
    expect(direct).toMatchObject({ peer: { user: 1, delivered: 3 }, read: 2, unread: 0 });
    expect(group).toMatchObject({ draft: { text: 'half a thought' } });
    const page = await store.page(2, group?.conversation ?? 0, { anchor: { at: 'end' }, limit: 30, check: null });
    if (page.outcome !== 'page') throw new Error(page.outcome);
    expect(page.rows.map(({ sequence }) => sequence)).toEqual([1, 2, 3, 4, 5, 8, 9]);
    expect(page.rows[1]).toEqual({
      conversation: group?.conversation,
      sequence: 2,
      id: expect.any(String),
      sender: 2,
      commandId: expect.any(String),
      sentAt: expect.any(Number),
      body: { kind: 'text', text: 'first' },
      modification: 0,
      ordinal: 1,
      senderOrdinal: 1,
    });
    const read = await store.readers(1, direct?.conversation ?? 0, 2);
    expect(read).toMatchObject({ receipts: [{ user: 1 }, { user: 2, shown: 2, shownAt: expect.any(Number) }] });
    expect((await store.users([5])).map(({ displayName }) => displayName)).toEqual(['Émile 你好']);
  });
});
