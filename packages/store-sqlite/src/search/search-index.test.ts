import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SearchAnswer, SearchRequest } from '@everywire/chat';
import { chatLimits, parseSearch } from '@everywire/chat';
import { BLOCK_MESSAGES } from '@everywire/chat/internal';
import { StoreDriver } from '@everywire/testkit';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { openDatabase } from '../database/open-database.js';
import { createSqliteStore, type SqliteStore, type SqliteStoreOptions } from '../sqlite-store.js';

// Tests the search index of a store. A block is 128 consecutive messages; its filter says which search terms may occur
// in it. `search_due` lists the blocks whose filter must be built again.

let directory: string;
let store: SqliteStore;
const file = (): string => join(directory, 'chat.db');

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'everywire-search-'));
  open();
});
afterEach(async () => {
  await store.close();
  rmSync(directory, { recursive: true });
});

function open(limits: SqliteStoreOptions['limits'] = { searchIndexMs: 0 }): void {
  store = createSqliteStore({ file: file(), checkpoint: 'inline', limits });
}

/** Returns the single value that this query yields. */
function ask<T>(sql: string): T {
  const database = openDatabase(file(), { readonly: true });
  const value = database.prepare(sql).pluck().get();
  database.close();
  return value as T;
}

const deadline = { timeout: 30_000 };
/** The numbers of built and of due blocks. */
const counts = (): readonly number[] =>
  ['search_block', 'search_due'].map((table) => ask(`SELECT count(*) FROM ${table}`));

/** A search for the terms of this text. */
function wanted(text: string): SearchRequest {
  const parsed = parseSearch(text, 0);
  const terms = parsed.outcome === 'search' ? parsed.query.terms : [];
  return { terms, senders: null, places: null, has: [], from: null, until: null, after: null, limit: 20 };
}

/** The text of a message. Each contains its own number. */
const textOf = (index: number): string => `第${index}句 the quick brown fox says number ${index} 今天天气很好`;

async function fill(messages: number): Promise<{ readonly driver: StoreDriver; readonly group: number }> {
  const driver = new StoreDriver(store, chatLimits);
  const group = await driver.group(1, [2]);
  await Promise.all(Array.from({ length: messages }, (_, index) => driver.send(1, group, textOf(index))));
  return { driver, group };
}

it('each full block gets a filter outside of the writer, and partial ones get none', async () => {
  await fill(BLOCK_MESSAGES * 3);
  await vi.waitFor(() => expect(counts()).toEqual([3, 0]), deadline);
});

it('filters take at most half the space of the text', async () => {
  await fill(BLOCK_MESSAGES * 4 - 1);
  await vi.waitFor(() => expect(counts()).toEqual([4, 0]), deadline);
  expect(ask<number>('SELECT sum(length(bits)) FROM search_block')).toBeLessThan(
    0.5 * ask<number>('SELECT sum(octet_length(body)) FROM message WHERE kind = 0'),
  );
});

it('blocks due at the end of the process get filters after the next opening, and are always searched', async () => {
  await store.close();
  open({ searchIndexMs: 3_600_000 });
  await fill(BLOCK_MESSAGES * 2);
  expect(counts()).toEqual([0, 2]);
  expect((await store.search(2, wanted('"第5句"'))).hits).toHaveLength(1);
  await store.close();
  open();
  await vi.waitFor(() => expect(counts()).toEqual([2, 0]), deadline);
  expect((await store.search(2, wanted('"第5句"'))).hits).toHaveLength(1);
});

it('all filters are made again if another version of the program made them', async () => {
  await fill(BLOCK_MESSAGES * 2);
  await vi.waitFor(() => expect(counts()).toEqual([2, 0]), deadline);
  await store.close();
  const database = openDatabase(file());
  database.exec("UPDATE search_state SET version = 'of old'; UPDATE search_block SET bits = zeroblob(8)");
  database.close();
  open({ searchIndexMs: 3_600_000 });
  expect(counts()).toEqual([0, 2]);
  expect((await store.search(2, wanted('"第5句"'))).hits).toHaveLength(1);
});

it('[CH-31.2] a changed text changes the filter', async () => {
  const { driver, group } = await fill(BLOCK_MESSAGES);
  await vi.waitFor(() => expect(counts()).toEqual([1, 0]), deadline);
  const before = ask<Buffer>('SELECT bits FROM search_block');
  await driver.touch(group, 5, 'zebra');
  await vi.waitFor(() => expect(counts()).toEqual([1, 0]), deadline);
  expect(ask<Buffer>('SELECT bits FROM search_block')).not.toEqual(before);
  expect((await store.search(2, wanted('zebra'))).hits).toHaveLength(1);
});

it('blocks without the terms are skipped', async () => {
  await store.close();
  open({ searchIndexMs: 0, searchBudget: 400 });
  await fill(BLOCK_MESSAGES * 8);
  await vi.waitFor(() => expect(counts()).toEqual([8, 0]), deadline);
  const found = await store.search(2, wanted('"第5句"'));
  expect(found).toMatchObject({ hits: [{ sequence: 7 }], next: null });
});

it('[CH-33.4] a search reports its end if hits of two conversations fill the page', async () => {
  const driver = new StoreDriver(store, chatLimits);
  const first = await driver.group(1, [2]);
  await driver.send(1, first, 'needle one');
  const second = await driver.group(1, [2]);
  await driver.send(1, second, 'needle two');
  await driver.send(1, first, 'thread');
  const found = await store.search(2, { ...wanted('needle'), limit: 2 });
  expect(found).toMatchObject({ hits: [{ conversation: second }, { conversation: first }], next: null });
});

it('[CH-31.1] a search does the same work for a word of invisible messages as for an absent word', async () => {
  await store.close();
  open({ searchIndexMs: 0, searchBudget: 55 });
  const { driver, group } = await fill(BLOCK_MESSAGES - 10);
  await driver.send(1, group, 'heron');
  const before = driver.now + 500;
  driver.pass(1_000);
  await driver.add(1, group, 3);
  await Promise.all(Array.from({ length: 10 }, () => driver.send(1, group, 'after joining')));
  await vi.waitFor(() => expect(counts()).toEqual([1, 0]), deadline);
  const absent = await store.search(3, wanted('tiger'));
  expect(absent.next).not.toBeNull();
  expect(await store.search(3, wanted('heron'))).toEqual(absent);
  const invisible = await store.search(3, { ...wanted('heron'), until: before });
  expect(invisible).toMatchObject({ hits: [], next: null });
});

it('[CH-33.5] a search that exhausts its budget returns how far it came', async () => {
  await store.close();
  open({ searchIndexMs: 3_600_000, searchBudget: 200 });
  await fill(BLOCK_MESSAGES * 4);
  const first = await store.search(2, wanted('"第5句"'));
  expect(first.hits).toEqual([]);
  expect(first.next).not.toBeNull();
});

it('[CH-33.6] a search determines positions in many conversations within the budget, and continues from them', async () => {
  await store.close();
  open({ searchBudget: 800 });
  const driver = new StoreDriver(store, chatLimits);
  const groups = await Promise.all(Array.from({ length: 100 }, () => driver.group(1, [2])));
  const talk = () => Promise.all(groups.map((group) => driver.send(1, group, 'needle')));
  await talk();
  const until = driver.now + 1;
  await talk();
  const calls: SearchAnswer[] = [];
  do {
    const after = calls.at(-1)?.next ?? null;
    calls.push(await store.search(2, { ...wanted('needle'), until, after }));
  } while (calls.at(-1)?.next !== null);
  expect(calls.flatMap(({ hits }) => hits)).toHaveLength(100);
  expect(calls.slice(0, 3).map(({ hits, next }) => [hits.length, next?.sentAt])).toEqual(Array(3).fill([0, until]));
  // Each conversation's position is determined once: 100 of them at 54 to 58 each, their hits, and a call that begins
  // to return them.
  expect(calls.length).toBeLessThan(20);
});

it('searches above the limit of waiting ones are rejected', async () => {
  await store.close();
  open({ searchesWaitingMax: 2 });
  const searches = await Promise.allSettled([1, 2, 3].map(() => store.search(1, wanted('x'))));
  expect(searches.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected']);
  expect(searches[2]).toMatchObject({ reason: { code: 'busy' } });
});
