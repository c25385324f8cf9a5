import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { chatLimits } from '@everywire/chat';
import { StoreDriver } from '@everywire/testkit';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { Database } from './database/database.js';
import { openDatabase } from './database/open-database.js';
import { createSqliteStore } from './sqlite-store.js';

// Tests costs that must not grow with the store, by counting instead of timing: statements that read a whole table, and
// pages that a send writes. The times are in bench/chat.

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'everywire-growth-'));
});
afterEach(() => {
  vi.restoreAllMocks();
  rmSync(directory, { recursive: true });
});

/** Statements that may scan or sort a table, and why that is bounded. */
const known: ReadonlyMap<string, string> = new Map([
  ['SELECT epoch FROM store', 'one row'],
  ['SELECT stamp FROM store', 'one row'],
  ['SELECT conversation, low, high FROM lost', 'what damage took for good, when the store is opened'],
  ['SELECT count(*) FROM account', 'asked at start and for the set-up link'],
  ['SELECT * FROM (SELECT credential.id, account', 'the sign-ins of one person, at most `credentialsMax`'],
  ['DELETE FROM credential WHERE id IN', 'the same'],
  ['SELECT id FROM search_due ORDER BY id LIMIT 1', 'the first row of a tree'],
  ['SELECT id AS row, user, conversation FROM list_moved', 'the first rows of a tree'],
  ['SELECT conversation FROM list_moved', 'at most `listMovesMax` rows, outside of the writer'],
  ['SELECT id, user, conversation, stamp, value FROM list_moved', 'the same rows, when the store is opened'],
  ['SELECT DISTINCT user FROM list_moved', 'the same rows, when the store is opened and lists are damaged'],
  ['SELECT conversation FROM member WHERE user', 'every member, where the list of that user is damaged'],
  [
    'UPDATE file INDEXED BY file_unused',
    'files without a message, which the sweep keeps few, once for each deleted account',
  ],
  ['DELETE FROM command_key WHERE user', 'what was answered in thirty days, once for each deleted account'],
  ['SELECT account, texts FROM account_erasure', 'deleted accounts whose traces are being taken out'],
  ['SELECT id, kind, account', 'invitations that can still be used, which each person has few of'],
]);

it('every statement reads by an index, in its order', async () => {
  const file = join(directory, 'plans.db');
  const prepare = vi.spyOn(DatabaseSync.prototype, 'prepare');
  await createSqliteStore({ file, checkpoint: 'inline' }).close();
  const statements = new Set(prepare.mock.calls.map(([sql]) => sql));
  prepare.mockRestore();
  const database = openDatabase(file, { readonly: true });
  const growing = [...statements]
    .filter((sql) => /^\s*(SELECT|WITH|UPDATE|DELETE)/i.test(sql))
    .filter((sql) => ![...known.keys()].some((start) => sql.startsWith(start)))
    .map((sql) => ({ sql, plan: planOf(database, sql) }))
    // A list given as a parameter is not a table.
    .filter(({ plan }) => plan.some((step) => /^SCAN (?!json_each)|USE TEMP B-TREE/.test(step)));
  database.close();
  expect(statements.size).toBeGreaterThan(80);
  expect(growing).toEqual([]);
});

function planOf(database: Database, sql: string): readonly string[] {
  const steps = database.prepare<unknown[], { detail: string }>(`EXPLAIN QUERY PLAN ${sql}`);
  const parameters = sql.match(/\?/g)?.map(() => null) ?? [];
  return steps.all(...parameters).map(({ detail }) => detail);
}

it('[CH-4.3] [CH-13.2] a send to 300 absent members writes as many pages as to 3,000', async () => {
  const pages = [await pagesOfSends(300), await pagesOfSends(3_000)] as const;
  expect(pages[0]).toBeGreaterThan(0);
  expect(pages[1]).toBeLessThanOrEqual(pages[0] + 3);
});

/** Returns the pages that ten sends add to the write-ahead log. */
async function pagesOfSends(members: number): Promise<number> {
  const file = join(directory, `${members}.db`);
  const limits = { inlineCheckpointPages: 1_000_000 };
  const store = createSqliteStore({ file, checkpoint: 'inline', limits });
  const driver = new StoreDriver(store, chatLimits);
  const owner = 1;
  const id = await driver.group(owner, []);
  for (let from = 2; from <= members; from += chatLimits.addUsersMax) {
    const count = Math.min(chatLimits.addUsersMax, members + 1 - from);
    await driver.add(owner, id, ...Array.from({ length: count }, (_, index) => from + index));
  }
  const before = statSync(`${file}-wal`).size;
  for (let sends = 0; sends < 10; sends += 1) await driver.send(owner, id);
  const added = statSync(`${file}-wal`).size - before;
  await store.close();
  return Math.round(added / 4_120);
}
