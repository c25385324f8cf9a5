import { chatLimits } from '@everywire/chat';
import { CommitGate, StoreDriver } from '@everywire/testkit';
import { type PostgresServer, startPostgres } from '@everywire/testkit/postgres-server';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { createPostgresStore, type PostgresStore } from '../opening/postgres-store.js';

// Tests what a suspension or a deletion waits for: changes that were decided before it, and nothing else.

describe('suspending and deleting while transactions run', { tags: ['wide'] }, () => {
  let server: PostgresServer;
  let url: string;
  let store: PostgresStore;
  let driver: StoreDriver;
  let ann: number;
  let bob: number;
  const gate = new CommitGate();
  beforeAll(async () => {
    server = await startPostgres({ fsync: 'off' });
  });
  beforeEach(async () => {
    url = await server.createDatabase();
    store = await createPostgresStore({
      url,
      onLimitsDiffer: (error) => {
        throw error;
      },
      beforeCommit: () => new Promise<void>((resolve) => gate.pass(resolve)),
    });
    driver = new StoreDriver(store, chatLimits);
    const user = { passwordHash: null, createdAt: 1 };
    ({ id: bob } = (await store.createUser({ ...user, name: 'bob', displayName: 'Bob', role: 'administrator' })) ?? {
      id: 0,
    });
    ({ id: ann } = (await store.createUser({ ...user, name: 'ann', displayName: 'Ann' })) ?? { id: 0 });
  });
  afterEach(async () => {
    gate.release();
    await store.close();
  });
  afterAll(() => server?.stop());

  it.each(['suspendUser', 'deleteUser'] as const)(
    '[CH-40.2] after %s, nothing of the account that was decided before is committed',
    async (change) => {
      // 31 of 32 new ids of conversations are taken without a transaction id.
      await driver.group(bob, [ann]);
      gate.hold();
      const creating = driver.group(ann, [bob], 'decided before').catch(() => 'refused');
      // A background job may wait at the gate too.
      await vi.waitFor(() => expect(gate.count).toBeGreaterThan(0), 20_000);
      const other = await createPostgresStore({ url, onLimitsDiffer: () => undefined });
      const changed = change === 'suspendUser' ? other.suspendUser(ann, 5) : other.deleteUser(ann, 'keep', 5);
      const state = async () => (await other.users([ann]))[0]?.state;
      await expect.poll(state, { timeout: 20_000 }).not.toBe('active');
      gate.release();
      expect(await changed).toMatchObject({ outcome: 'changed' });
      const then = await other.memberships(ann);
      await creating;
      expect(await other.memberships(ann)).toEqual(then);
      await other.close();
    },
  );

  it('a suspension does not wait for transactions of other programs, or of another database', async () => {
    const others = [
      new pg.Client({ connectionString: url }),
      new pg.Client({ connectionString: await server.createDatabase() }),
    ];
    for (const client of others) {
      await client.connect();
      await client.query('BEGIN');
      await client.query('SELECT pg_current_xact_id()');
    }
    expect(await store.suspendUser(ann, 5)).toMatchObject({ outcome: 'changed' });
    for (const client of others) await client.end();
  });
});
