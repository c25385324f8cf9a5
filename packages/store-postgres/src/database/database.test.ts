import { type PostgresServer, startPostgres } from '@everywire/testkit/postgres-server';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Database, openDatabase } from './database.js';

// Tests `openDatabase`, the access to PostgreSQL. A store error with the code `busy` means that the caller may retry.

describe('the database', { tags: ['wide'] }, () => {
  let server: PostgresServer;
  let database: Database;
  beforeAll(async () => {
    server = await startPostgres();
    database = openDatabase({ url: await server.createDatabase(), connectionsMax: 4 });
    await database.query('CREATE TABLE t (id int8 PRIMARY KEY, n int8 NOT NULL)');
  });
  afterAll(async () => {
    await database?.close();
    await server?.stop();
  });

  it('the database returns 8-byte integers and their arrays as numbers', async () => {
    const [row] = await database.query('SELECT $1::int8 AS n, $2::int8[] AS list, $3::int8[] AS none', [7, [1, 2], []]);
    expect(row).toEqual({ n: 7, list: [1, 2], none: [] });
  });

  it('the database rolls back a transaction that throws, and stays usable', async () => {
    const broken = database.transaction(async (at) => {
      await at.query('INSERT INTO t VALUES (1, 1)');
      throw new Error('a bug');
    });
    await expect(broken).rejects.toThrow('a bug');
    expect(await database.query('SELECT * FROM t')).toEqual([]);
  });

  it('the database does not report a transaction as committed when one of its statements failed', async () => {
    const hidden = database.transaction(async (at) => {
      await at.query('SELECT 1 / 0').catch(() => undefined);
      return 'done';
    });
    await expect(hidden).rejects.toMatchObject({ code: 'busy' });
  });

  it('the database retries a transaction when another one inserted the same row', async () => {
    let runs = 0;
    const made = await database.transaction(async (at) => {
      runs += 1;
      const there = await at.query('SELECT n FROM t WHERE id = 2');
      if (runs === 1) await database.query('INSERT INTO t VALUES (2, 5)');
      if (there.length === 0) await at.query('INSERT INTO t VALUES (2, 6)');
      return there;
    });
    expect([runs, made]).toEqual([2, [{ n: 5 }]]);
  });

  it('a transaction fails with busy when the connection ends during an idle transaction, without an unhandled error', async () => {
    const ends = database.transaction(async (at) => {
      const [{ pid = 0 } = {}] = await at.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
      await server.ask(`SELECT pg_terminate_backend(${pid})`);
      await expect.poll(() => server.ask(`SELECT 1 FROM pg_stat_activity WHERE pid = ${pid}`)).toEqual([]);
      await at.query('INSERT INTO t VALUES (9, 9)');
    });
    await expect(ends).rejects.toMatchObject({ name: 'StoreError', code: 'busy' });
    expect(await database.query('SELECT * FROM t WHERE id = 9')).toEqual([]);
  });

  it('a transaction that has ended before its COMMIT has an unknown outcome', async () => {
    const ended = database.transaction((at) => at.query('ROLLBACK'));
    await expect(ended).rejects.toMatchObject({ name: 'StoreError', code: 'unknown' });
  });

  it('shows the same state to all reads of a snapshot', async () => {
    const [before, after] = await database.snapshot(async (at) => {
      const first = await at.query<{ n: number }>('SELECT count(*)::int8 AS n FROM t');
      await database.query('INSERT INTO t VALUES (3, 1)');
      return [first, await at.query<{ n: number }>('SELECT count(*)::int8 AS n FROM t')];
    });
    expect(after).toEqual(before);
  });

  it('the database fails with busy without the server, and passes on the error of a wrong statement', async () => {
    const nowhere = openDatabase({ url: 'postgres://absent@127.0.0.1:1/x', connectionsMax: 1 });
    await expect(nowhere.query('SELECT 1')).rejects.toMatchObject({ name: 'StoreError', code: 'busy' });
    await nowhere.close();
    await expect(database.query('SELECT nothing FROM t')).rejects.toMatchObject({ code: '42703' });
  });
});
