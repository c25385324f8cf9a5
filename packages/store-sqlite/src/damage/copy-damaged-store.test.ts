import { copyFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chatLimits } from '@everywire/chat';
import { alterBytes, dropCells, leafPagesSql, StoreDriver, zeroPages } from '@everywire/testkit';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { openDatabase } from '../database/open-database.js';
import { createSqliteStore } from '../sqlite-store.js';
import { checkSqliteStore } from './check-store.js';
import { copyDamagedSqliteStore } from './copy-damaged-store.js';
import type { Damage } from './damage.js';

// Tests `copyDamagedSqliteStore`, which salvages all readable rows of a damaged store into a copy.

const [ann, bob] = [1, 2];
const messages = 600;

let directory: string;
let file: string;
let backup: string;

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'everywire-salvage-'));
  const store = createSqliteStore({ file: join(directory, 'sound.db') });
  const driver = new StoreDriver(store, chatLimits);
  await driver.group(ann, [bob]);
  const texts = Array.from({ length: messages }, (_, index) => `message ${index} with some words of its own`);
  await Promise.all(texts.map((text) => driver.send(ann, 1, text)));
  await store.close();
});
afterAll(() => rmSync(directory, { recursive: true }));

beforeEach(() => {
  const copy = mkdtempSync(join(directory, 'copy-'));
  [file, backup] = [join(copy, 'chat.db'), join(copy, 'backup.db')];
  copyFileSync(join(directory, 'sound.db'), file);
});

/** Returns the leaf pages of a table or index, which contain its rows. */
function leaves(name: string): readonly number[] {
  const database = openDatabase(file, { readonly: true });
  const pages = database.prepare<[string], number>(leafPagesSql).pluck().all(name);
  database.close();
  return pages;
}

function query<T>(path: string, sql: string): T {
  const database = openDatabase(path, { readonly: true });
  const value = database.prepare<[], T>(sql).pluck().get() as T;
  database.close();
  return value;
}

/** Returns the sequences in the backup, of all up to the head. */
async function readBackup(): Promise<{
  readonly rows: number;
  readonly damaged: number;
  readonly met: readonly Damage[];
}> {
  const met: Damage[] = [];
  const store = createSqliteStore({ file: backup, onDamage: (damage) => met.push(damage) });
  let [rows, damaged] = [0, 0];
  for (let below = messages + 2; below > 1; ) {
    const page = await store.page(ann, 1, { anchor: { at: 'before', sequence: below }, limit: 100, check: null });
    if (page.outcome !== 'page') throw new Error(page.outcome);
    rows += page.rows.length;
    for (const [low, high] of page.damaged ?? []) damaged += high - low + 1;
    below = Math.min(...[...(page.damaged ?? []), ...(page.covers === null ? [] : [page.covers])].flat());
  }
  await store.close();
  return { rows, damaged, met };
}

it('a copy has every row around unreadable pages, is sound and records what it lacks', async () => {
  const pages = leaves('message');
  zeroPages(
    file,
    [2, 5, 8].map((index) => pages[index] ?? 0),
  );
  copyDamagedSqliteStore({ file, backup });
  expect(checkSqliteStore({ file: backup })).toEqual([]);
  const { rows, damaged, met } = await readBackup();
  expect([rows + damaged, met]).toEqual([messages + 1, []]);
  // Most rows between the first and the last of the three pages are readable.
  expect(rows).toBeGreaterThan((messages * 2) / 3);
  expect(query(backup, 'SELECT count(*) FROM message')).toBe(rows);
  expect(query(backup, 'PRAGMA integrity_check')).toBe('ok');
  expect(query(backup, 'SELECT count(*) FROM command_key')).toBe(query(file, 'SELECT count(*) FROM command_key'));
});

it('a copy gives up missing and altered messages, so that the restored store is sound', async () => {
  dropCells(file, leaves('message').slice(2, 4), 5);
  alterBytes(file, 'message 7 with', 'message 7 w1th');
  copyDamagedSqliteStore({ file, backup });
  expect(checkSqliteStore({ file: backup })).toEqual([]);
  expect(await readBackup()).toEqual({ rows: messages - 10, damaged: 11, met: [] });
});

it('a copy has the readable rows of a table without conversations', () => {
  const keys = leaves('command_key');
  const before = query<number>(file, 'SELECT count(*) FROM command_key');
  zeroPages(file, keys.slice(3, 4));
  copyDamagedSqliteStore({ file, backup });
  expect(checkSqliteStore({ file: backup })).toEqual([]);
  const after = query<number>(backup, 'SELECT count(*) FROM command_key');
  expect(after).toBeGreaterThan(before / 2);
  expect(after).toBeLessThan(before);
});

it('a failed copy leaves no files', () => {
  zeroPages(file, [1]);
  expect(() => copyDamagedSqliteStore({ file, backup })).toThrowError(
    expect.objectContaining({ name: 'StoreFileError' }),
  );
  expect([existsSync(backup), existsSync(`${backup}.unfinished`)]).toEqual([false, false]);
});
