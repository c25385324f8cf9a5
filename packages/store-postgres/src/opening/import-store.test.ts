import type { ExportedValue, StoreExport } from '@everywire/chat';
import { type PostgresServer, startPostgres } from '@everywire/testkit/postgres-server';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { importPostgresStore } from './import-store.js';
import { createPostgresStore } from './postgres-store.js';

/* What a whole SQLite store becomes is shown in apps/everywire/src/migrate.test.ts. */

const people = 2_500;

/** A store of settings alone. `failAt`: of which row on it cannot be read; `value`: what is read, by how often all was read before. */
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

describe('bringing a store here', { tags: ['wide'] }, () => {
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

  it('goes on where it was interrupted, and no node opens what is not whole', async () => {
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

  it('notices that what was sent is not what is there, and leaves it closed', async () => {
    const source = sourceOf('a', { value: (reads) => (reads === 0 ? 'then' : 'now') });
    await expect(importPostgresStore({ url, source })).rejects.toMatchObject({ code: 'store_differs' });
    await expect(open()).rejects.toMatchObject({ code: 'store_incomplete' });
  });

  it('takes no database with other tables, and no rows that it does not know', async () => {
    await server.read(url, 'CREATE TABLE anything (a int)');
    await expect(importPostgresStore({ url, source: sourceOf('a') })).rejects.toMatchObject({ code: 'store_exists' });
    url = await server.createDatabase();
    const tables = [{ name: 'setting', columns: ['name', 'worth'], rows: () => [] }];
    await expect(importPostgresStore({ url, source: { epoch: 'a', tables } })).rejects.toThrow(
      'Of setting: value not sent, worth not known.',
    );
  });
});
