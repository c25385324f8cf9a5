import type { ExportedValue, StoreExport } from '@everywire/chat';
import { type PostgresServer, startPostgres } from '@everywire/testkit/postgres-server';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { importPostgresStore } from './import-store.js';
import { createPostgresStore } from './postgres-store.js';

/* apps/everywire/src/migrate.test.ts tests the import of a whole SQLite store. */

const people = 2_500;

/**
 * A store that has only settings. `failAt`: the first unreadable row; `value`: the value read, by the number of earlier
 * full reads.
 */
function sourceOf(
  epoch: string,
  { failAt = Number.POSITIVE_INFINITY, value = (_reads: number): string => 'v' } = {},
): StoreExport {
  let reads = 0;
  function* rows(): Iterable<readonly ExportedValue[]> {
    for (let at = 0; at < people; at += 1) {
      if (at === failAt) throw new Error('the machine went down');
      yield [`name ${String(at).padStart(5, '0')}`, at === 7 ? value(reads) : `value ${at}`];
    }
    reads += 1;
  }
  return { epoch, tables: [{ name: 'setting', columns: ['name', 'value'], rows }] };
}

describe('importing a store', { tags: ['wide'] }, () => {
  let server: PostgresServer;
  let url: string;
  const open = () =>
    createPostgresStore({
      url,
      onLimitsDiffer: (error) => {
        throw error;
      },
    });
  beforeAll(async () => {
    server = await startPostgres({ fsync: 'off' });
  });
  beforeEach(async () => {
    url = await server.createDatabase();
  });
  afterAll(() => server?.stop());

  it('an import resumes after an interruption, and no node opens an incomplete import', async () => {
    await expect(importPostgresStore({ url, source: sourceOf('a', { failAt: 1_900 }) })).rejects.toThrow('went down');
    await expect(open()).rejects.toMatchObject({ code: 'store_incomplete' });
    await expect(importPostgresStore({ url, source: sourceOf('b') })).rejects.toMatchObject({
      code: 'store_incomplete',
    });
    const seen: unknown[] = [];
    await importPostgresStore({ url, source: sourceOf('a'), onTable: (...step) => seen.push(step) });
    expect(seen).toEqual([
      ['setting', people, 'copied'],
      ['setting', people, 'compared'],
    ]);
    const store = await open();
    expect(await store.setting('name 02499')).toBe('value 2499');
    await store.close();
  });

  it('an import detects a difference between sent and stored rows, and keeps the store closed', async () => {
    const source = sourceOf('a', { value: (reads) => (reads === 0 ? 'then' : 'now') });
    await expect(importPostgresStore({ url, source })).rejects.toMatchObject({ code: 'store_differs' });
    await expect(open()).rejects.toMatchObject({ code: 'store_incomplete' });
  });

  it('an import rejects a database with other tables, and unknown tables of the source', async () => {
    await server.read(url, 'CREATE TABLE anything (a int)');
    await expect(importPostgresStore({ url, source: sourceOf('a') })).rejects.toMatchObject({ code: 'store_exists' });
    url = await server.createDatabase();
    const tables = [{ name: 'setting', columns: ['name', 'worth'], rows: () => [] }];
    await expect(importPostgresStore({ url, source: { epoch: 'a', tables } })).rejects.toThrow(
      'Of setting: value not sent, worth not known.',
    );
  });
});
