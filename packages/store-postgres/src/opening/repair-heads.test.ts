import { createSecretKey, randomBytes } from 'node:crypto';
import { type ConversationId, chatLimits } from '@everywire/chat';
import { StoreDriver } from '@everywire/testkit';
import { type PostgresServer, startPostgres } from '@everywire/testkit/postgres-server';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createPostgresStore } from './postgres-store.js';

// An earlier version could write the head of a conversation on outdated rows. These tests damage a store as it did.

const [ann, bob] = [1, 2] as const;
const commandKey = createSecretKey(randomBytes(32));

describe('heads at the opening of a database', { tags: ['wide'] }, () => {
  let server: PostgresServer;
  beforeAll(async () => {
    server = await startPostgres({ fsync: 'off' });
  });
  afterAll(() => server?.stop());

  // Drivers must not mint the same command ids.
  let openings = 0;
  const open = async (url: string) => {
    const store = await createPostgresStore({ url, commandKey, onLimitsDiffer: () => undefined });
    return { store, driver: new StoreDriver(store, chatLimits, { firstId: 1e6 * ++openings }) };
  };

  /** Creates two conversations with texts, a thread and reads; returns what both members see of the first. */
  const talk = async (url: string) => {
    const { store, driver } = await open(url);
    const id = await driver.group(ann, [bob]);
    const other = await driver.direct(ann, bob);
    for (const text of ['one', 'two', 'three']) await driver.send(ann, id, text);
    for (const sequence of [2, 2])
      await driver.do(bob, {
        command: 'send',
        conversation: id,
        text: 'reply',
        thread: { sequence, id: (await rowOf(driver, id, sequence)).id },
      });
    await driver.read(bob, id, 3);
    await driver.read(ann, id, 6);
    const seen = await view(driver, id);
    const epoch = await store.epoch();
    await store.close();
    return { id, other, seen, epoch };
  };

  const rowOf = async (driver: StoreDriver, id: ConversationId, sequence: number) => {
    const row = await driver.row(ann, id, sequence);
    if (row === undefined) throw new Error(`no message ${sequence}`);
    return row;
  };

  const view = async (driver: StoreDriver, id: ConversationId) => {
    const of = async (user: number) => {
      const { modification: _, ...entry } = await driver.entry(user, id);
      return entry;
    };
    return [await of(ann), await of(bob), (await driver.page(ann, id)).rows];
  };

  const damage = (url: string, ...statements: readonly string[]) => server.read(url, statements.join(';'));

  it('[CH-5.1] a head below the last message is repaired, with the counts, under a new epoch', async () => {
    const url = await server.createDatabase();
    const { id, other, seen, epoch } = await talk(url);
    await damage(
      url,
      `UPDATE conversation SET sequence = 3, count = 2, modification = 0, pins = 7 WHERE id = ${id}`,
      `UPDATE member SET sent = 9 WHERE conversation = ${id}`,
      `UPDATE message SET replies = 1 WHERE conversation = ${id} AND sequence = 2`,
      `UPDATE follow SET sent = 0 WHERE conversation = ${id} AND usr = ${bob}`,
    );
    const { store, driver } = await open(url);
    expect(store.repaired).toEqual([{ conversation: id, head: 3, last: 6 }]);
    expect(await store.epoch()).not.toBe(epoch);
    expect(await view(driver, id)).toEqual(seen);
    expect((await driver.send(bob, id)).sequence).toBe(7);
    expect((await driver.entry(ann, other)).sequence).toBe(1);
    const repaired = await store.epoch();
    await store.close();
    const again = await open(url);
    expect([again.store.repaired, await again.store.epoch()]).toEqual([[], repaired]);
    await again.store.close();
  });

  it('[CH-5.1] a head above the last message is repaired, so that the log gets no gap', async () => {
    const url = await server.createDatabase();
    const { id, seen } = await talk(url);
    await damage(
      url,
      `UPDATE conversation SET sequence = sequence + 1, count = count + 1 WHERE id = ${id}`,
      `UPDATE member SET sent = sent + 1, read = 7, read_ordinal = 4, read_sent = 4 WHERE conversation = ${id} AND usr = ${ann}`,
    );
    const { store, driver } = await open(url);
    expect(store.repaired).toEqual([{ conversation: id, head: 7, last: 6 }]);
    expect(await view(driver, id)).toEqual(seen);
    expect((await driver.send(ann, id)).sequence).toBe(7);
    await store.close();
  });

  it('a deleted conversation, whose messages are erased, is not repaired', async () => {
    const url = await server.createDatabase();
    const { store, driver } = await open(url);
    const id = await driver.group(ann, [bob]);
    await driver.do(ann, { command: 'delete', conversation: id });
    await expect
      .poll(() => server.dump(url, ['--inserts', '--table=message']), { timeout: 20_000 })
      .not.toContain('INSERT');
    await store.close();
    const again = await open(url);
    expect(again.store.repaired).toEqual([]);
    await again.store.close();
  });
});
