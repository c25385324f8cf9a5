import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chatLimits } from '@everywire/chat';
import { alterBytes, leafPagesSql, StoreDriver, zeroPages } from '@everywire/testkit';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openDatabase } from '../database/open-database.js';
import { createSqliteStore, type SqliteStore } from '../sqlite-store.js';
import { checkSqliteStore } from './check-store.js';
import { copyDamagedSqliteStore } from './copy-damaged-store.js';
import type { Damage } from './damage.js';

// Tests rows whose bytes were altered on disk (decay) and that have no checksum, because they were written before schema 9.

const [ann, bob] = [1, 2];
const marked = 2;
const messages = 100;

let directory: string;
let file: string;
let conversation: number;
let opened: SqliteStore[];

function open(onDamage: (damage: Damage) => void = () => undefined): SqliteStore {
  const store = createSqliteStore({ file, limits: { damageCheckDelayMs: Number.POSITIVE_INFINITY }, onDamage });
  opened.push(store);
  return store;
}

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'everywire-altered-'));
  file = join(directory, 'chat.db');
  opened = [];
  const store = open();
  const driver = new StoreDriver(store, chatLimits);
  conversation = await driver.group(ann, [bob]);
  await driver.sendWith(ann, conversation, { mentions: { users: [bob], all: false } });
  for (let sent = 0; sent < messages; sent += 1) await driver.send(ann, conversation, `text ${sent}`);
  await store.close();
  write('UPDATE message SET checksum = NULL');
});

afterEach(async () => {
  for (const store of opened) await store.close();
  rmSync(directory, { recursive: true, maxRetries: 10 });
});

function write(sql: string): void {
  const database = openDatabase(file);
  database.exec(sql);
  database.close();
}

/** The service message, the first one. */
const alterService = (): void => alterBytes(file, '{"change":"created"', '{"change":"created!');
const alterMarks = (): void => write("UPDATE message SET extra = replace(extra, 'false', 'fal5e')");

it.each([
  ['the JSON of a service message', alterService, 1],
  ['the kind of a service message', () => write('UPDATE message SET kind = 9 WHERE sequence = 1'), 1],
  ['a service message that is no object', () => write("UPDATE message SET body = 'null' WHERE sequence = 1"), 1],
  ['the JSON of marks', alterMarks, marked],
  ['marks that are no object', () => write("UPDATE message SET extra = 'null' WHERE extra IS NOT NULL"), marked],
])('[CH-37.3] %s in a row without a checksum is damage, and everything else works', async (_name, alter, sequence) => {
  alter();
  const met: Damage[] = [];
  const store = open((damage) => met.push(damage));
  const page = await store.page(ann, conversation, { anchor: { at: 'before', sequence: 50 }, limit: 100, check: null });
  expect(page).toMatchObject({ outcome: 'page', damaged: [[sequence, sequence]] });
  expect(met).toMatchObject([{ kind: 'altered', conversation, from: sequence, to: sequence }]);
  expect((await store.list(bob, null, 10)).entries).toHaveLength(1);
  const words = { terms: [{ text: 'text', whole: true }], senders: null, places: null, has: [] };
  const found = await store.search(ann, { ...words, from: null, until: null, after: null, limit: 200 });
  expect(found.hits.length).toBeGreaterThanOrEqual(messages);
});

it('a check and a backup report an altered row and continue after it', () => {
  alterService();
  const database = openDatabase(file, { readonly: true });
  const pages = database.prepare<[string], number>(leafPagesSql).pluck().all('message');
  database.close();
  zeroPages(file, pages.slice(1, 2));
  const found = checkSqliteStore({ file });
  expect(found[0]).toMatchObject({ kind: 'altered', from: 1, to: 1 });
  expect(found[1]).toMatchObject({ kind: 'unreadable', conversation });
  const backup = join(directory, 'backup.db');
  copyDamagedSqliteStore({ file, backup });
  expect(checkSqliteStore({ file: backup })).toEqual([]);
});

it.each([
  [
    'periods of a member',
    "UPDATE member SET periods = '[\"secret'",
    (store: SqliteStore) => store.entry(bob, conversation),
  ],
  [
    'periods that are no list',
    "UPDATE member SET periods = 'null'",
    (store: SqliteStore) => store.page(bob, conversation, { anchor: { at: 'end' }, limit: 1, check: null }),
  ],
])('%s that cannot be parsed are damage, and the error does not quote them', async (_name, sql, read) => {
  write(sql);
  const store = open();
  const error = await read(store).then(
    () => null,
    (reason: unknown) => reason,
  );
  expect(error).toMatchObject({ name: 'StoreError', code: 'damaged' });
  expect(String(error)).not.toContain('secret');
});

it('versions and command results that cannot be parsed are damage', async () => {
  const store = open();
  const driver = new StoreDriver(store, chatLimits);
  driver.pass(1_000_000);
  for (let used = 0; used < 1_000; used += 1) driver.mintId();
  const { sequence, id } = await driver.send(ann, conversation);
  const message = { sequence, id };
  await driver.do(ann, { command: 'edit', conversation, message, base: 0, text: 'other' });
  write("UPDATE version SET body = '{secret'; UPDATE command_key SET result = '{secret'");
  const damaged = { name: 'StoreError', code: 'damaged' };
  await expect(store.versions(ann, conversation, message, { before: null, limit: 9 })).rejects.toMatchObject(damaged);
  const command = { command: 'createGroup', name: 'group', users: [bob], id: '1'.padStart(32, '0') } as const;
  await expect(driver.run(ann, command)).rejects.toMatchObject(damaged);
});
