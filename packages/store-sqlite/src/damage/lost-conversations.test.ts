import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chatLimits } from '@everywire/chat';
import { leafPagesSql, StoreDriver, zeroPages } from '@everywire/testkit';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openDatabase } from '../database/open-database.js';
import { restoreSqliteStore } from '../restore-store.js';
import { createSqliteStore, type SqliteStore } from '../sqlite-store.js';
import { checkSqliteStore } from './check-store.js';
import { copyDamagedSqliteStore } from './copy-damaged-store.js';

// Tests the salvage of a store with 200 conversations that lost the rows of the last ones. Their members and messages
// remain, so that most of the lost rows can be derived.

const [ann, bob, eve] = [1, 2, 3];
const groups = 195;

let directory: string;
let file: string;
let restored: string;
let store: SqliteStore;
let [direct, notes, channel, renamed, deleted] = [0, 0, 0, 0, 0];

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'everywire-lost-conversations-'));
  file = join(directory, 'chat.db');
  restored = join(directory, 'restored.db');
  store = createSqliteStore({ file });
  const driver = new StoreDriver(store, chatLimits);
  for (let each = 1; each <= groups; each += 1) await driver.group(ann, [bob], `group ${each} with a long name`);
  direct = await driver.direct(ann, bob);
  await driver.send(bob, direct, 'between us');
  const made = await driver.do(ann, { command: 'createNotes' });
  notes = 'conversation' in made ? made.conversation : 0;
  await driver.send(ann, notes, 'to myself');
  const opened = await driver.do(ann, { command: 'createChannel', name: 'news', join: 'anyone' });
  channel = 'conversation' in opened ? opened.conversation : 0;
  await driver.do(bob, { command: 'join', conversation: channel, secret: null });
  deleted = await driver.group(ann, [bob]);
  await driver.do(ann, { command: 'delete', conversation: deleted });
  renamed = await driver.group(ann, [bob]);
  await driver.rename(ann, renamed, 'the last name');
  await driver.send(bob, renamed, 'one');
  await driver.send(ann, renamed, 'two');
  await store.close();
  copyAndRestore();
  store = createSqliteStore({ file: restored });
});

afterEach(async () => {
  await store.close();
  rmSync(directory, { recursive: true });
});

let lost: readonly number[];

function copyAndRestore(): void {
  const database = openDatabase(file, { readonly: true });
  const last = database.prepare<[string], number>(leafPagesSql).pluck().all('conversation').at(-1) ?? 0;
  database.close();
  zeroPages(file, [last]);
  const backup = join(directory, 'backup.db');
  lost = copyDamagedSqliteStore({ file, backup }).conversations;
  expect(checkSqliteStore({ file: backup })).toEqual([]);
  restoreSqliteStore({ backup, file: restored });
}

it('a restored store can create conversations, and every row refers to an existing one', async () => {
  const driver = new StoreDriver(store, chatLimits);
  for (let used = 0; used < 5_000; used += 1) driver.mintId();
  expect(await driver.group(ann, [bob])).toBe(renamed + 1);
  const database = openDatabase(restored, { readonly: true });
  expect(database.pragma('foreign_key_check')).toEqual([]);
  database.close();
  expect(lost).toEqual(expect.arrayContaining([groups, direct, notes, channel, deleted, renamed]));
});

it('the lost conversations are restored from their members and messages', async () => {
  const driver = new StoreDriver(store, chatLimits);
  driver.pass(1_000_000);
  for (let used = 0; used < 5_000; used += 1) driver.mintId();
  const kindOf = async (conversation: number) => (await driver.entry(ann, conversation)).kind;
  expect([await kindOf(direct), await kindOf(notes), await kindOf(channel)]).toEqual(['direct', 'notes', 'channel']);
  expect(await driver.direct(bob, ann)).toBe(direct);
  expect(await driver.entry(bob, renamed)).toMatchObject({ kind: 'group', name: 'the last name', unread: 1 });
  expect(await driver.entry(bob, groups)).toMatchObject({ kind: 'group', name: `#${groups}` });
  expect((await driver.send(bob, renamed)).sequence).toBe(5);
  await driver.add(ann, renamed, eve);
  expect((await store.entry(bob, deleted)).entry).not.toMatchObject({ member: true });
});
