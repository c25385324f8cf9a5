import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chatLimits } from '@everywire/chat';
import { leafPagesSql, StoreDriver, zeroPages } from '@everywire/testkit';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { openDatabase } from '../database/open-database.js';
import { createSqliteStore } from '../sqlite-store.js';
import { checkSqliteStore } from './check-store.js';
import { copyDamagedSqliteStore } from './copy-damaged-store.js';
import { describeDamage } from './damage.js';

// Tests the salvage of a store in which the heads of conversations (last sequence and modification) decayed.

const [ann, bob] = [1, 2];
const messages = 600;

const directory = mkdtempSync(join(tmpdir(), 'everywire-decayed-'));
const [file, backup] = ['chat.db', 'backup.db'].map((name) => join(directory, name)) as [string, string];
afterAll(() => rmSync(directory, { recursive: true }));

const sound = join(directory, 'sound.db');
beforeAll(async () => {
  const store = createSqliteStore({ file: sound });
  const driver = new StoreDriver(store, chatLimits);
  for (const _time of [1, 2]) await driver.group(ann, [bob]);
  await driver.sendMany(ann, 1, messages);
  await store.close();
});
beforeEach(() => {
  rmSync(backup, { force: true });
  copyFileSync(sound, file);
});

/** Writes a value that no statement of ours writes, as disk decay does: even of another type. */
function decay(path: string, table: string, sql: string): void {
  const rewrite = (sqlOfTable: (sql: string) => string, ...then: readonly string[]): void => {
    const database = openDatabase(path, { unsafe: true });
    database.pragma('ignore_check_constraints = ON');
    database.pragma('foreign_keys = OFF');
    for (const statement of then) database.exec(statement);
    database.pragma('writable_schema = ON');
    const schema = database.prepare<[string], string>('SELECT sql FROM sqlite_schema WHERE name = ?').pluck();
    const update = database.prepare('UPDATE sqlite_schema SET sql = ? WHERE name = ?');
    update.run(sqlOfTable(schema.get(table) ?? ''), table);
    database.close();
  };
  let strict = '';
  rewrite((now) => {
    strict = now;
    return now.replace(/\bSTRICT\b(, )?/, '').replace(/,\s*$/, '');
  });
  rewrite(() => strict, sql);
}

function read(path: string, sql: string): unknown {
  const database = openDatabase(path, { readonly: true });
  const rows = database.prepare<[], unknown[]>(sql).raw().all();
  database.close();
  return rows;
}

const heads = 'UPDATE conversation SET sequence = 1099511627776 WHERE id = 1';

it('a head that decayed to a huge number is one missing run, and the check ends', () => {
  decay(file, 'conversation', heads);
  const found = checkSqliteStore({ file }).filter(({ table }) => table === 'message');
  expect(found.map(describeDamage)).toEqual([
    `messages ${messages + 2} to 1099511627776 of conversation 1 are missing`,
  ]);
});

it('a store with a decayed head is copied with all messages, even if the end of its log is unreadable', () => {
  decay(file, 'conversation', heads);
  const database = openDatabase(file, { readonly: true });
  const pages = database.prepare<[string], number>(leafPagesSql).pluck().all('message');
  database.close();
  zeroPages(file, [pages[2] ?? 0, pages[5] ?? 0, pages.at(-1) ?? 0]);
  copyDamagedSqliteStore({ file, backup });
  expect(checkSqliteStore({ file: backup })).toEqual([]);
  const [[rows]] = read(backup, 'SELECT count(*) FROM message WHERE conversation = 1') as [[number]];
  expect(rows).toBeGreaterThan(messages / 2);
  const kept = 'SELECT sum(high - low + 1) FROM lost WHERE conversation = 1';
  expect(read(backup, kept)).toEqual([[2 ** 40 - rows]]);
});

it('an id that decayed to a huge number is searched only up to possible rows', () => {
  decay(file, 'conversation', 'UPDATE conversation SET id = 1152921504606846977 WHERE id = 2');
  expect(checkSqliteStore({ file }).map(({ table }) => table)).not.toContain('message');
  copyDamagedSqliteStore({ file, backup });
  expect(read(backup, 'SELECT count(*) FROM message')).toEqual(read(file, 'SELECT count(*) FROM message'));
});

it.each([
  ['text', "'x'"],
  ['bytes', "x'00'"],
  ['a fraction', '1.5'],
])('a head that is %s is reported, and does not end the check or the copy', (_name, value) => {
  decay(file, 'conversation', `UPDATE conversation SET sequence = ${value} WHERE id = 1`);
  const found = checkSqliteStore({ file }).map(describeDamage);
  expect(found).toContain('the table conversation is damaged: the head of conversation 1 is not a number');
  copyDamagedSqliteStore({ file, backup });
  expect(read(backup, 'SELECT count(*) FROM message')).toEqual(read(file, 'SELECT count(*) FROM message'));
});

it('a copy gives up a row with a value of another type than its column, and has the others', () => {
  decay(file, 'message', "UPDATE message SET sent_at = 'x' WHERE conversation = 1 AND sequence = 100");
  const database = openDatabase(file, { readonly: true });
  const pages = database.prepare<[string], number>(leafPagesSql).pluck().all('message');
  database.close();
  zeroPages(file, [pages.at(-3) ?? 0]);
  copyDamagedSqliteStore({ file, backup });
  expect(checkSqliteStore({ file: backup })).toEqual([]);
  expect(read(backup, 'SELECT low, high FROM lost WHERE low <= 100')).toEqual([[100, 100]]);
});
