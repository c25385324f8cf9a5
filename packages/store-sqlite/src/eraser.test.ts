import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chatLimits } from '@everywire/chat';
import { StoreDriver } from '@everywire/testkit';
import { createRandom } from '@everywire/testkit/internal';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { openDatabase } from './database/open-database.js';
import type { SqliteStoreLimits } from './limits.js';
import { createSqliteStore, type SqliteStore, type SqliteStoreOptions } from './sqlite-store.js';
import { createTables } from './tables.js';

// Tests the eraser, which removes the messages of deleted conversations in the background: also from the bytes of the file
// and its write-ahead log, which the contract of all stores cannot test.

const [ann, bob] = [1, 2];
const deadline = { timeout: 30_000 };
/** The eraser never begins. */
const never = { erasePauseMs: 3_600_000 };

let directory: string;
let store: SqliteStore;
const file = (): string => join(directory, 'chat.db');

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'everywire-eraser-'));
});
afterEach(async () => {
  await store.close();
  rmSync(directory, { recursive: true });
});

function open(limits: Partial<SqliteStoreLimits>, checkpoint: SqliteStoreOptions['checkpoint'] = 'inline'): void {
  store = createSqliteStore({ file: file(), checkpoint, limits });
}

/** Returns the number that this query yields. */
function ask(sql: string): number {
  const database = openDatabase(file(), { readonly: true });
  const value = database.prepare<[], number>(sql).pluck().get();
  database.close();
  return value ?? 0;
}

/** Returns the bytes of the file and its log, as text. */
const storedBytes = (): string =>
  [file(), `${file()}-wal`].map((path) => (existsSync(path) ? readFileSync(path, 'utf8') : '')).join('');
const messagesOf = (conversation: number): number =>
  ask(`SELECT count(*) FROM message WHERE conversation = ${conversation}`);
/** Whether a conversation is completely erased, as a bit of its settings; 0 if not. */
const settled = (conversation: number): number =>
  ask(`SELECT settings & 32 FROM conversation WHERE id = ${conversation}`);

/** Creates two groups, and deletes the second. */
async function fillAndDelete(messages: number): Promise<number> {
  const driver = new StoreDriver(store, chatLimits);
  const [gone, stays] = [await driver.group(ann, [bob]), await driver.group(ann, [bob])];
  for (const [group, text] of [
    [gone, 'tiger in confidence'],
    [stays, 'heron for everyone'],
  ] as const) {
    await Promise.all(Array.from({ length: messages }, (_, index) => driver.send(ann, group, `${text} ${index}`)));
  }
  await driver.do(ann, { command: 'delete', conversation: gone });
  return gone;
}

it('[CH-36.6] [CH-36.7] one commit erases a limited number of rows, and none of a conversation that was not deleted', async () => {
  open(never);
  const gone = await fillAndDelete(300);
  await store.close();
  const database = openDatabase(file());
  const { erasure } = createTables(database, chatLimits);
  const counted = ['message', 'own_message', 'search_block', 'search_due']
    .map((table) => `(SELECT count(*) FROM ${table})`)
    .join(' + ');
  const count = database.prepare<[], number>(`SELECT ${counted}`).pluck();
  const others = database.prepare<[number], number>('SELECT count(*) FROM message WHERE conversation <> ?').pluck();
  const [before, commits] = [others.get(gone), [] as number[]];
  for (let rows = count.get() ?? 0, left = 'more'; left === 'more'; rows = count.get() ?? 0) {
    left = erasure.erase(gone, 50);
    commits.push(rows - (count.get() ?? 0));
  }
  expect(erasure.erase(gone + 1, 50)).toBe('not_due');
  expect([Math.max(...commits), commits.length > 10, others.get(gone)]).toEqual([50, true, before]);
  expect(erasure.due(0, 1_000)).toEqual({ conversations: [gone], more: false });
  database.close();
});

it('[CH-36.6] erasing resumes after the next opening', async () => {
  open({ erasedRowsAtOnce: 20, erasePauseMs: 10 });
  const gone = await fillAndDelete(300);
  await vi.waitFor(() => expect(messagesOf(gone)).toBeLessThan(300), deadline);
  await store.close();
  expect(messagesOf(gone)).toBeGreaterThan(0);
  open({ eraseScanRows: 1 });
  await vi.waitFor(() => expect([settled(gone), messagesOf(gone)]).toEqual([32, 0]), deadline);
  expect(storedBytes()).not.toContain('tiger');
  expect(storedBytes()).toContain('heron');
});

it('[CH-36.6] the eraser also empties the log, which still has the old pages', async () => {
  open({ ...never, checkpointIntervalMs: 20 }, 'thread');
  const gone = await fillAndDelete(200);
  await store.close();
  open({ checkpointIntervalMs: 20 }, 'thread');
  await vi.waitFor(() => expect(settled(gone)).toBe(32), deadline);
  expect(storedBytes()).not.toContain('tiger');
});

it('no version of a recalled text is left once the log was emptied', async () => {
  open({});
  const driver = new StoreDriver(store, chatLimits);
  const group = await driver.group(ann, [bob]);
  for (let index = 0; index < 130; index += 1) await driver.send(bob, group, `heron ${index}`);
  const message = await driver.send(ann, group, 'jaguar at first');
  await driver.send(bob, group, 'heron last');
  await driver.do(ann, { command: 'edit', conversation: group, message, text: 'ocelot afterwards', base: 0 });
  expect(storedBytes()).toContain('jaguar');
  await driver.do(ann, { command: 'recall', conversation: group, message });
  await store.close();
  expect(['jaguar', 'ocelot', 'heron last'].map((text) => storedBytes().includes(text))).toEqual([false, false, true]);
});

it('at most one text in fifty is left after page splits of interleaved conversations', async () => {
  open({ erasedRowsAtOnce: 1_000, erasePauseMs: 0 });
  const driver = new StoreDriver(store, chatLimits);
  const groups: number[] = [];
  for (let index = 0; index < 10; index += 1) groups.push(await driver.group(ann, [bob]));
  const random = createRandom(3);
  for (let round = 0; round < 100; round += 1) {
    await Promise.all(
      groups.map((group, index) => driver.send(ann, group, `tiger ${index}.${round}. ${'x'.repeat(random.below(90))}`)),
    );
  }
  const gone = groups.filter((_, index) => index % 3 === 1);
  for (const conversation of gone) await driver.do(ann, { command: 'delete', conversation });
  await vi.waitFor(() => expect(gone.map(settled)).toEqual([32, 32, 32]), deadline);
  const left = new Set(storedBytes().match(/tiger [147]\.\d+\./g));
  expect(left.size).toBeLessThanOrEqual(300 / 50);
});
