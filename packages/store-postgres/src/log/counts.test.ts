import { createSecretKey, randomBytes } from 'node:crypto';
import { chatLimits, type Store } from '@everywire/chat';
import { StoreDriver } from '@everywire/testkit';
import { type PostgresServer, startPostgres } from '@everywire/testkit/postgres-server';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type Database, openDatabase } from '../database/database.js';
import { anyHistory } from '../database/store-connection.js';
import { WriteHealth } from '../database/write-health.js';
import { migrate } from '../schema.js';
import { type ChangeLane, createChangeLane } from './change-lane.js';
import { CommandHash } from './command-hash.js';
import { createListReads } from './list-reads.js';

/** The number of conversations, and of sends at the same time. */
const GROUP = 64;
const ROUNDS = 20;

// Tests the cost of changes by counting statements and round trips instead of timing them, so that a slow machine gets the
// same result. A lane is a queue whose waiting changes are committed in one transaction, a group.
describe('the cost of database access', { tags: ['wide'] }, () => {
  let server: PostgresServer;
  let database: Database;
  let lane: ChangeLane;
  let driver: StoreDriver;
  let conversations: readonly number[];
  beforeAll(async () => {
    server = await startPostgres();
    const url = await server.createDatabase();
    database = openDatabase({ url, connectionsMax: 1 });
    await migrate(database);
    lane = createChangeLane({
      url,
      history: anyHistory,
      health: new WriteHealth(),
      hash: new CommandHash(createSecretKey(randomBytes(32))),
      keyMs: 1e9,
      followsMax: 1_000,
      onSearchDue: () => undefined,
      onDeleted: () => undefined,
    });
    driver = new StoreDriver({ change: (request: never) => lane.submit(request) } as unknown as Store, chatLimits);
    conversations = await Promise.all(Array.from({ length: GROUP }, (_, at) => driver.direct(2 * at + 1, 2 * at + 2)));
  });
  afterAll(async () => {
    await lane?.close();
    await database?.close();
    await server?.stop();
  });

  async function sendRounds(rounds: number): Promise<void> {
    for (let round = 0; round < rounds; round += 1)
      await Promise.all(conversations.map((id, at) => driver.send(2 * at + 1 + (round % 2), id, 'How are you?')));
  }

  /** Counts the statements and the round trips of `work`. */
  async function countQueries(work: () => Promise<unknown>): Promise<{ statements: number; roundTrips: number }> {
    const { query } = pg.Client.prototype;
    const counts = { statements: 0, roundTrips: 0 };
    let underWay = 0;
    const spy = vi.spyOn(pg.Client.prototype, 'query').mockImplementation(async function (
      this: pg.Client,
      ...sentStatements: unknown[]
    ) {
      counts.statements += 1;
      if (underWay === 0) counts.roundTrips += 1;
      underWay += 1;
      const answer = await query.apply(this, sentStatements as Parameters<typeof query>);
      underWay -= 1;
      return answer;
    } as unknown as typeof query);
    await work();
    spy.mockRestore();
    return counts;
  }

  it('sends to conversations of two take at most 14 statements a group, and 0.05 round trips a send', async () => {
    const { statements, roundTrips } = await countQueries(() => sendRounds(ROUNDS));
    const groups = roundTrips / 2;
    expect(statements / groups).toBeLessThanOrEqual(14);
    expect(roundTrips / (GROUP * ROUNDS)).toBeLessThanOrEqual(0.05);
  });

  it('a list of 30 conversations takes five round trips of ten statements together', async () => {
    const reader = 1_000;
    await Promise.all(Array.from({ length: 30 }, (_, at) => driver.direct(reader, at + 1)));
    const counts = await countQueries(async () => {
      const { entries } = await createListReads(database, chatLimits).list(reader, null, 30);
      expect(entries).toHaveLength(30);
    });
    expect(counts).toEqual({ statements: 10, roundTrips: 5 });
  });

  it('such sends write at most 2 kB of WAL each, and nine in ten updated rows stay on their page', async () => {
    // The first write to a page after a checkpoint logs the whole page.
    await database.query('CHECKPOINT');
    await sendRounds(2);
    const updates = 'SELECT sum(n_tup_upd)::int AS all, sum(n_tup_hot_upd)::int AS hot FROM pg_stat_user_tables';
    const written = "SELECT (pg_current_wal_insert_lsn() - '0/0')::float8 AS bytes";
    const [before] = await database.query<{ bytes: number }>(written);
    await sendRounds(ROUNDS);
    const [after] = await database.query<{ bytes: number }>(written);
    expect(((after?.bytes ?? 0) - (before?.bytes ?? 0)) / (GROUP * ROUNDS)).toBeLessThanOrEqual(2_048);
    // A connection reports its counters when it ends.
    await lane.close();
    const counts = () => database.query<{ all: number; hot: number }>(updates);
    await vi.waitFor(async () => expect((await counts())[0]?.all).toBeGreaterThan(GROUP * ROUNDS * 4), 10_000);
    const [{ all, hot } = { all: 0, hot: 0 }] = await counts();
    expect(hot / all).toBeGreaterThanOrEqual(0.9);
  });
});
