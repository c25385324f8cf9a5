import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  chatLimits,
  type Page,
  type PageAnchor,
  type PageRequest,
  type SearchAnswer,
  type SearchPosition,
} from '@everywire/chat';
import { alterBytes, dropCells, leafPagesSql, StoreDriver, zeroPages } from '@everywire/testkit';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openDatabase } from '../database/open-database.js';
import { createSqliteStore, type SqliteStore } from '../sqlite-store.js';
import { type Damage, describeDamage } from './damage.js';

// Tests a store whose file was damaged while it was closed. The background check is disabled here, so only reads detect
// damage.

const [ann, bob] = [1, 2];
const messages = 600;

let directory: string;
let file: string;
let opened: SqliteStore[];
/** The damage that the store reported. */
let reports: Damage[];
let conversation: number;
let other: number;

function open(): SqliteStore {
  const limits = { damageCheckDelayMs: Number.POSITIVE_INFINITY };
  const store = createSqliteStore({ file, limits, onDamage: (damage) => reports.push(damage) });
  opened.push(store);
  return store;
}

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'everywire-damaged-'));
  file = join(directory, 'chat.db');
  opened = [];
  reports = [];
  const store = open();
  const driver = new StoreDriver(store, chatLimits);
  conversation = await driver.group(ann, [bob]);
  other = await driver.group(ann, [bob]);
  await driver.send(ann, other);
  const texts = Array.from({ length: messages }, (_, index) => `message ${index} with some words of its own`);
  await Promise.all(texts.map((text) => driver.send(ann, conversation, text)));
  await store.close();
});

afterEach(async () => {
  for (const store of opened) await store.close();
  // The thread of a store that failed to open may still be closing its files.
  rmSync(directory, { recursive: true, maxRetries: 10 });
});

/** Returns some leaf pages of the log, not its first or last. */
function leaves(count: number, name = 'message'): readonly number[] {
  const database = openDatabase(file, { readonly: true });
  const pages = database.prepare<[string], number>(leafPagesSql).pluck().all(name);
  database.close();
  expect(pages.length).toBeGreaterThan(count + 2);
  return pages.slice(2, 2 + count);
}

async function page(store: SqliteStore, anchor: PageAnchor, more: Partial<PageRequest> = {}): Promise<Page> {
  const answer = await store.page(ann, conversation, { anchor, limit: 100, check: null, ...more });
  if (answer.outcome !== 'page') throw new Error(answer.outcome);
  return answer;
}

interface Walk {
  readonly rows: ReadonlySet<number>;
  readonly covered: ReadonlySet<number>;
  readonly damaged: ReadonlySet<number>;
}

/** Pages backwards through the whole log, like a client. */
async function walkBack(store: SqliteStore): Promise<Walk> {
  const [rows, covered, damaged] = [new Set<number>(), new Set<number>(), new Set<number>()];
  for (let below = 1_000_000, pages = 0; below > 1; pages += 1) {
    expect(pages).toBeLessThan(100);
    const answer = await page(store, { at: 'before', sequence: below });
    for (const { sequence } of answer.rows) rows.add(sequence);
    const add = (to: Set<number>, [low, high]: readonly [number, number]): void => {
      for (let each = low; each <= high; each += 1) to.add(each);
      below = Math.min(below, low);
    };
    if (answer.covers !== null) add(covered, answer.covers);
    for (const span of answer.damaged ?? []) add(damaged, span);
  }
  return { rows, covered, damaged };
}

describe.each([
  ['zeroed pages', (pages: readonly number[]) => zeroPages(file, pages)],
  ['pages that lost five rows each', (pages: readonly number[]) => dropCells(file, pages, 5)],
])('%s of the log', (_name, damage) => {
  it('[CH-37.1] [CH-37.2] pages have every readable row, cover no missing one and report the damage', async () => {
    damage(leaves(6));
    const store = open();
    const { rows, covered, damaged } = await walkBack(store);
    const head = messages + 1;
    expect(rows.size).toBeGreaterThan(messages / 3);
    expect(rows.size).toBeLessThanOrEqual(head - 30);
    expect([...covered].sort()).toEqual([...rows].sort());
    expect(damaged.size).toBe(head - rows.size);
    expect(reports.length).toBeGreaterThan(0);
    expect(store.damage()).toEqual(reports);
    expect(describeDamage(reports[0] as Damage)).toMatch(/^messages \d+ to \d+ of conversation \d+ /);
  });

  it('[CH-37.5] a change that needs a damaged row is rejected as `damaged`, and the rest of its commit succeeds', async () => {
    damage(leaves(6));
    const store = open();
    const { damaged } = await walkBack(store);
    const [lost = 0] = damaged;
    const driver = new StoreDriver(store, chatLimits);
    driver.pass(1_000_000);
    // Ids that the first driver has not used.
    for (let used = 0; used < 5_000; used += 1) driver.mintId();
    const message = { sequence: lost, id: '0'.repeat(16) };
    const react = driver.do(bob, { command: 'react', conversation, message, emoji: '👍', set: true });
    const sends = [driver.send(ann, other), driver.send(bob, other)];
    await expect(react).rejects.toMatchObject({ name: 'StoreError', code: 'damaged' });
    await Promise.all(sends);
    expect(store.health()).toMatchObject({ lastCommitOk: true });
  });

  it('[CH-37.6] a client that holds a lost row is not instructed to drop its log', async () => {
    const kept = open();
    const { rows } = await page(kept, { at: 'around', sequence: 300 });
    await kept.close();
    damage(leaves(6));
    const store = open();
    const { damaged } = await walkBack(store);
    const known = rows.find(({ sequence }) => damaged.has(sequence));
    for (const check of known === undefined ? [] : [known]) {
      const { outcome } = await page(store, { at: 'end' }, { check: { sequence: check.sequence, id: check.id } });
      expect(outcome).toBe('page');
    }
  });
});

it('an altered text is rejected as `damaged`', async () => {
  alterBytes(file, 'message 77 with', 'message 77 w1th');
  const store = open();
  const { damaged } = await walkBack(store);
  expect([...damaged]).toEqual([79]);
  expect(reports).toMatchObject([{ kind: 'altered', table: 'message', conversation, from: 79, to: 79 }]);
});

/** The first page of a table. */
function rootOf(table: string): number {
  const database = openDatabase(file, { readonly: true });
  const root = database.prepare('SELECT rootpage FROM sqlite_schema WHERE name = ?').pluck().get(table) as number;
  database.close();
  return root;
}

it('reads and writes that need a damaged table reject as `damaged`, never `busy`, and others work', async () => {
  zeroPages(file, [rootOf('mention')]);
  const store = open();
  const failure = { name: 'StoreError', code: 'damaged' };
  await expect(store.entry(bob, conversation)).rejects.toMatchObject(failure);
  const driver = new StoreDriver(store, chatLimits);
  for (let used = 0; used < 5_000; used += 1) driver.mintId();
  const mentions = { users: [bob], all: false };
  const sends = [driver.send(ann, conversation), driver.sendWith(ann, conversation, { mentions })];
  const [plain, calling] = await Promise.allSettled([...sends, driver.send(ann, other)]);
  expect(plain).toMatchObject({ status: 'fulfilled' });
  expect(calling).toMatchObject({ status: 'rejected', reason: failure });
  expect(await page(store, { at: 'end' })).toMatchObject({ head: { sequence: messages + 2 } });
  expect(reports).toMatchObject([{ kind: 'unreadable', conversation: null }]);
});

it.each(['member', 'lost', 'search_due', 'search_state', 'store'])(
  'a store whose table %s cannot be read does not open, says that it is damaged and is left unlocked at once',
  (table) => {
    zeroPages(file, [rootOf(table)]);
    const failure = expect.objectContaining({ name: 'StoreFileError', code: 'store_corrupt' });
    expect(open).toThrowError(failure);
    expect(open).toThrowError(failure);
  },
);

it('a store without the row of its table `store` is rejected as damaged', () => {
  const database = openDatabase(file);
  database.exec('DELETE FROM store');
  database.close();
  const failure = expect.objectContaining({ name: 'StoreFileError', code: 'store_corrupt' });
  expect(open).toThrowError(failure);
  expect(open).toThrowError(failure);
});

it('[CH-31.1] a search finds readable messages next to damage', async () => {
  zeroPages(file, leaves(6));
  const store = open();
  const { rows } = await walkBack(store);
  const query = {
    terms: [{ text: 'words', whole: true }],
    senders: null,
    places: null,
    has: [],
    from: null,
    until: null,
    after: null,
  };
  const found = new Set<number>();
  for (let after: SearchPosition | null = null, calls = 0; calls < 100; calls += 1) {
    const answer: SearchAnswer = await store.search(ann, { ...query, after, limit: 20 });
    for (const { sequence } of answer.hits) found.add(sequence);
    after = answer.next;
    if (after === null) break;
  }
  expect(found.size).toBe(rows.size - 1);
});
