import { createSecretKey, randomBytes } from 'node:crypto';
import { chatLimits, parseSearch } from '@everywire/chat';
import { BLOCK_MESSAGES, buildFilter, compileFilterTest, type WantedTokens } from '@everywire/chat/internal';
import { createRandom, StoreDriver } from '@everywire/testkit';
import { type PostgresServer, startPostgres } from '@everywire/testkit/postgres-server';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Database, openDatabase } from '../database/database.js';
import { createPostgresStore, type PostgresStore } from '../opening/postgres-store.js';
import { buildBlocks, FILTER_VERSION, renewBlocks } from './build-blocks.js';
import { askFilters } from './search-reads.js';

// Tests the search filters in PostgreSQL. A block is 128 consecutive messages of a conversation; its filter (a Bloom
// filter) says which search terms may occur in it. `search_due` lists the blocks whose filter must be built again.

const commandKey = createSecretKey(randomBytes(32));
/** A pause that never ends in a test. */
const never = 1e9;
const [ann, bob, eve] = [1, 2, 3];

describe('filters of blocks', { tags: ['wide'] }, () => {
  let server: PostgresServer;
  let url: string;
  let database: Database;
  let store: PostgresStore;
  let driver: StoreDriver;
  beforeAll(async () => {
    server = await startPostgres({ fsync: 'off' });
  });
  beforeEach(async () => {
    url = await server.createDatabase();
    const limits = { searchIndexMs: never, lookMs: never };
    store = await createPostgresStore({ url, commandKey, limits, onLimitsDiffer: () => undefined });
    driver = new StoreDriver(store, chatLimits);
    database = openDatabase({ url, connectionsMax: 2 });
  });
  afterEach(async () => {
    await database.close();
    await store.close();
  });
  afterAll(() => server?.stop());

  const blocks = async (table: 'search_block' | 'search_due'): Promise<readonly number[]> =>
    (await database.query<{ block: number }>(`SELECT block FROM ${table} ORDER BY block`)).map(({ block }) => block);

  it('a filter is tested in SQL with the same results as in JavaScript', async () => {
    const random = createRandom(1);
    const word = (): string => `word${random.below(400)}`;
    const filters = Array.from({ length: 40 }, () => {
      const tokens = new Set(Array.from({ length: 1 + random.below(random.chance(0.2) ? 600 : 60) }, word));
      return { tokens, bits: buildFilter(tokens) };
    });
    for (const [block, { bits }] of filters.entries()) {
      const values = [block, FILTER_VERSION, Buffer.from(bits)];
      await database.query(
        'INSERT INTO search_block (conversation, block, first_at, version, bits) VALUES (7, $1::int8, 0, $2::int8, $3::bytea)',
        values,
      );
    }
    const ranges = filters.map((_, block) => ({ conversation: 7, low: block, high: block }));
    for (let round = 0; round < 60; round += 1) {
      const some = (most: number): string[] => Array.from({ length: random.below(most) }, word);
      const wanted: WantedTokens = { all: [...some(3), ...(round === 0 ? ['世界'] : [])], any: some(3) };
      const test = compileFilterTest(wanted) ?? (() => true);
      const found = (await askFilters(database, ranges, wanted)).map(({ block }) => block !== null);
      expect(found).toEqual(filters.map(({ bits }) => test(bits)));
    }
  });

  it('are built only for full blocks, skip blocks without the word, and are rebuilt when a text changes', async () => {
    const group = await driver.group(ann, [bob]);
    while ((await driver.entry(ann, group)).sequence < 2 * BLOCK_MESSAGES + 5) await driver.send(ann, group, 'heron');
    expect(await blocks('search_due')).toEqual([0, 1]);
    expect(await buildBlocks(database, 1)).toBe(1);
    expect(await buildBlocks(database, 16)).toBe(1);
    expect([await blocks('search_due'), await blocks('search_block')]).toEqual([[], [0, 1]]);
    const all = { conversation: group, low: 0, high: 2 };
    const ask = async (token: string, low = 0, high = 2) =>
      (await askFilters(database, [{ ...all, low, high }], { all: [token], any: [] }))[0]?.block;
    expect([await ask('heron'), await ask('tiger'), await ask('tiger', 0, 1)]).toEqual([2, 2, null]);

    const row = await driver.row(ann, group, 20);
    if (row === undefined) throw new Error('a row is missing');
    await driver.do(ann, { command: 'react', conversation: group, message: row, emoji: '👍', set: true });
    expect(await blocks('search_due')).toEqual([]);
    await driver.do(ann, { command: 'edit', conversation: group, message: row, base: 0, text: 'a tiger' });
    expect([await blocks('search_due'), await blocks('search_block')]).toEqual([[0], [1]]);
    expect(await ask('tiger', 0, 1)).toBe(0);
    await buildBlocks(database, 16);
    expect([await ask('tiger', 0, 1), await ask('tiger', 1, 1)]).toEqual([0, null]);
  });

  it('[CH-31.1] a search does the same work for a word of invisible messages as for an absent word', async () => {
    const limits = { searchIndexMs: never, lookMs: never, searchBudget: 8 };
    const searcher = await createPostgresStore({ url, commandKey, limits, onLimitsDiffer: () => undefined });
    const group = await driver.group(ann, [bob]);
    while ((await driver.entry(ann, group)).sequence < BLOCK_MESSAGES - 9) await driver.send(ann, group, 'fox');
    await driver.send(ann, group, 'heron');
    const before = driver.now + 500;
    driver.pass(1_000);
    await driver.add(ann, group, eve);
    while ((await driver.entry(ann, group)).sequence < BLOCK_MESSAGES + 2) await driver.send(ann, group, 'fox');
    await buildBlocks(database, 16);
    const search = (word: string, until: number | null = null) => {
      const parsed = parseSearch(word, 0);
      const terms = parsed.outcome === 'search' ? parsed.query.terms : [];
      const rest = { senders: null, places: null, has: [], from: null, after: null, limit: 20 };
      return searcher.search(eve, { terms, until, ...rest });
    };
    const absent = await search('tiger');
    expect(absent.next).not.toBeNull();
    expect(await search('heron')).toEqual(absent);
    expect(await search('heron', before)).toMatchObject({ hits: [], next: null });
    await searcher.close();
  });

  it('are dropped when a text changes during their build', async () => {
    const group = await driver.group(ann, [bob]);
    while ((await driver.entry(ann, group)).sequence < BLOCK_MESSAGES) await driver.send(ann, group, 'heron');
    const row = await driver.row(ann, group, 20);
    if (row === undefined) throw new Error('a row is missing');
    let edited: Promise<unknown> | null = null;
    const held: Database = {
      ...database,
      transaction: (work) =>
        database.transaction(async (at) => {
          const made = await work(at);
          // The filter is written but not committed, so the edit waits.
          edited ??= driver.do(ann, { command: 'edit', conversation: group, message: row, base: 0, text: 'a tiger' });
          await waiting(server);
          return made;
        }),
    };
    await buildBlocks(held, 16);
    await edited;
    expect([await blocks('search_due'), await blocks('search_block')]).toEqual([[0], []]);
  });

  it('of an older version are rebuilt, and no search uses them until then', async () => {
    const group = await driver.group(ann, [bob]);
    while ((await driver.entry(ann, group)).sequence < BLOCK_MESSAGES) await driver.send(ann, group, 'heron');
    await buildBlocks(database, 16);
    await database.query('UPDATE search_block SET version = version - 1');
    const tiger = { all: ['tiger'], any: [] };
    const [before] = await askFilters(database, [{ conversation: group, low: 0, high: 0 }], tiger);
    expect(before?.block).toBe(0);
    expect(await renewBlocks(database)).toBe(1);
    expect(await buildBlocks(database, 16)).toBe(1);
    expect(await renewBlocks(database)).toBe(0);
    const [after] = await askFilters(database, [{ conversation: group, low: 0, high: 0 }], tiger);
    expect(after?.block).toBeNull();
  });
});

/** Waits until a session waits for a lock. */
async function waiting(server: PostgresServer): Promise<void> {
  const count = async (): Promise<number> => {
    const rows = await server.ask("SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock'");
    return rows.length;
  };
  await expect.poll(count, { timeout: 10_000 }).toBeGreaterThan(0);
}
