import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chatLimits } from '@everywire/chat';
import { createDatabasePath, StoreDriver } from '@everywire/testkit';
import { type PostgresServer, startPostgres } from '@everywire/testkit/postgres-server';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { createPostgresStore, type PostgresStore } from './postgres-store.js';

// Tests a node whose database is put back to an older state in place, as by a base backup or a snapshot of a disk.

describe('an older state of a database that is put in place', { tags: ['wide'] }, () => {
  let server: PostgresServer;
  let url: string;
  const opened: PostgresStore[] = [];
  const onLimitsDiffer = vi.fn();
  beforeAll(async () => {
    server = await startPostgres({ fsync: 'off' });
  });
  beforeEach(async () => {
    url = await server.createDatabase();
  });
  afterAll(() => server?.stop());

  it('[CH-26.1] a running node writes nothing to an older state that was put in place before it has a new epoch', async () => {
    const positionFile = join(mkdtempSync(join(tmpdir(), 'everywire-position-')), 'position');
    const path = await createDatabasePath(url);
    // The send meets the older state before the next heartbeat does.
    const limits = { heartbeatMs: 1_000 };
    const store = await createPostgresStore({ url: path.url(url), onLimitsDiffer, positionFile, limits });
    opened.push(store);
    const driver = new StoreDriver(store, chatLimits);
    const id = await driver.group(1, [2]);
    const copy = await server.copy('backup');
    try {
      await driver.sendMany(1, id, 100);
      const epoch = await store.epoch();
      const kept = readFileSync(positionFile, 'utf8');
      await expect.poll(() => readFileSync(positionFile, 'utf8'), { timeout: 20_000, interval: 1 }).not.toBe(kept);
      path.switchOff(copy.at(url));
      const sent = await driver.run(1, { command: 'send', id: driver.mintId(), conversation: id, text: 'after' });
      expect(sent).toMatchObject({ outcome: 'committed', result: { sequence: 2 } });
      expect(sent).not.toMatchObject({ epoch });
    } finally {
      for (const each of opened.splice(0)) await each.close();
      await path.close();
      await copy.stop();
    }
  });

  it('[CH-26.1] a node notices a base backup that was put in place, by the position that it keeps outside', async () => {
    const positionFile = join(mkdtempSync(join(tmpdir(), 'everywire-position-')), 'position');
    const onEpochBegun = vi.fn();
    const openAt = async (at: string): Promise<PostgresStore> => {
      const limits = { heartbeatMs: 50 };
      const store = await createPostgresStore({
        url: at,
        onLimitsDiffer,
        positionFile,
        limits,
        onEpochBegun,
      });
      opened.push(store);
      return store;
    };
    const store = await openAt(url);
    const driver = new StoreDriver(store, chatLimits);
    const id = await driver.group(1, [2]);
    await driver.send(1, id, 'before the backup');
    const copy = await server.copy('backup');
    try {
      await driver.sendMany(1, id, 100);
      const { cursor } = await driver.listAll(2, null);
      const epoch = await store.epoch();
      const [{ at = '' } = {}] = await server.ask<{ at: string }>('SELECT pg_current_wal_lsn()::text AS at');
      const isKept = () => readFileSync(positionFile, 'utf8').includes(at);
      await expect.poll(isKept, { timeout: 20_000 }).toBe(true);
      await opened.pop()?.close();
      await (await openAt(url)).close();
      expect(onEpochBegun).not.toHaveBeenCalled();
      const back = await openAt(copy.at(url));
      expect(onEpochBegun.mock.calls).toEqual([['behind']]);
      expect(await back.epoch()).not.toBe(epoch);
      expect((await back.list(2, cursor, 10)).outcome).toBe('reset');
      const begun = await back.epoch();
      await opened.pop()?.close();
      expect(await (await openAt(copy.at(url))).epoch()).toBe(begun);
    } finally {
      for (const each of opened.splice(0)) await each.close();
      await copy.stop();
    }
  });
});
