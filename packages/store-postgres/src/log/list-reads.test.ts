import { createSecretKey, randomBytes } from 'node:crypto';
import { chatLimits } from '@everywire/chat';
import { CommitGate, StoreDriver } from '@everywire/testkit';
import { type PostgresServer, startPostgres } from '@everywire/testkit/postgres-server';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { createPostgresStore, type PostgresStore } from '../opening/postgres-store.js';

// Tests the list while transactions commit in another order than they began. SQLite has one writer, so the contract of
// the stores cannot ask for this.

const commandKey = createSecretKey(randomBytes(32));
const [ann, bob] = [1, 2];

describe('the list of two nodes', { tags: ['wide'] }, () => {
  let server: PostgresServer;
  const opened: PostgresStore[] = [];
  const gate = new CommitGate();
  beforeAll(async () => {
    server = await startPostgres({ fsync: 'off' });
  });
  afterEach(async () => {
    gate.release();
    for (const store of opened.splice(0)) await store.close();
  });
  afterAll(() => server?.stop());

  const open = async (url: string, firstId: number, beforeCommit?: () => Promise<void>): Promise<StoreDriver> => {
    const onLimitsDiffer = vi.fn();
    const store = await createPostgresStore({ url, commandKey, onLimitsDiffer, ...(beforeCommit && { beforeCommit }) });
    opened.push(store);
    return new StoreDriver(store, chatLimits, { firstId });
  };

  it('[CH-14.2] a change that began before the first page and is committed before the last one is in the next list', async () => {
    const url = await server.createDatabase();
    const here = await open(url, 1);
    const there = await open(url, 1_000_000, () => new Promise((resolve) => gate.pass(resolve)));
    const late = await here.group(ann, [bob]);
    const [second, third] = [await here.group(ann, [bob]), await here.group(ann, [bob])];
    const { cursor } = await here.store.list(bob, null, 10);
    gate.hold();
    const sent = there.send(ann, late);
    await vi.waitFor(() => expect(gate.count).toBe(1), { timeout: 10_000 });
    await here.send(ann, second);
    await here.send(ann, third);
    const first = await here.store.list(bob, cursor, 1);
    gate.release();
    await sent;
    const last = await here.store.list(bob, first.cursor, 1);
    const next = await here.store.list(bob, last.cursor, 10);
    expect([first, last]).toMatchObject([
      { outcome: 'changed', entries: [{ conversation: second }], more: true },
      { outcome: 'changed', entries: [{ conversation: third }], more: false },
    ]);
    expect(next.entries.map(({ conversation }) => conversation)).toContain(late);
  });
});
