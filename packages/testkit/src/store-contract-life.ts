import type { Store } from '@everywire/chat';
import { describe, expect, it } from 'vitest';
import { StoreDriver } from './store-driver.js';
import type { OpenStore } from './store-under-test.js';
import { lowLimits } from './touch-message.js';

const [ann, bob] = [1, 2];

/** Describes epochs, restores, reopening and closing. */
export function describeStoreLife(open: OpenStore): void {
  describe('life', () => {
    it('[CH-26.1] keeps its epoch, includes it in every answer, and differs from other stores in it', async () => {
      const [one, two] = [await open(), await open()];
      const epoch = await one.store.epoch();
      expect(epoch).toMatch(/^[0-9a-f]{16}$/);
      expect(await one.store.epoch()).toBe(epoch);
      expect(await two.store.epoch()).not.toBe(epoch);
      const id = await one.driver.group(ann, [bob]);
      expect((await one.driver.page(ann, id)).epoch).toBe(epoch);
      expect((await one.store.entry(ann, id)).epoch).toBe(epoch);
      expect((await one.store.listPage(ann, null, 10)).epoch).toBe(epoch);
      expect((await one.store.periods(id, [ann])).epoch).toBe(epoch);
    });

    it('[CH-25.1] resets a cursor of another epoch', async () => {
      const { driver, backup } = await open();
      await driver.group(ann, [bob]);
      const restore = await backup();
      for (let index = 0; index < 5; index += 1) await driver.group(ann, [bob]);
      const { cursor } = await driver.listAll(bob, null);
      const restored = await restore();
      expect((await restored.list(bob, cursor, 100)).outcome).toBe('reset');
    });

    it('[CH-26.1] restores the content of a backup under a new epoch, and diverges from there', async () => {
      const { driver, backup, store } = await open();
      const id = await driver.group(ann, [bob]);
      const command = { command: 'send', id: driver.mintId(), conversation: id, text: 'kept' } as const;
      await driver.run(ann, command);
      const restore = await backup();
      await driver.send(ann, id, 'lost');
      const lost = (await driver.page(bob, id)).rows.at(-1);
      const restored = await restore();
      expect(await restored.epoch()).not.toBe(await store.epoch());
      const after = new StoreDriver(restored, lowLimits({}));
      after.pass(1_000_000);
      for (let burnt = 0; burnt < 50; burnt += 1) after.mintId();
      expect((await after.page(bob, id)).head.sequence).toBe(2);
      expect(await after.run(ann, command)).toMatchObject({ outcome: 'repeated', epoch: await restored.epoch() });
      expect((await after.send(bob, id, 'other')).sequence).toBe(3);
      const check = { sequence: 3, id: lost?.id ?? '' };
      expect((await restored.page(bob, id, { anchor: { at: 'end' }, limit: 30, check })).outcome).toBe('reset');
    });

    it('[CH-1.1] has all acknowledged data after it is closed and reopened', async () => {
      const { driver, reopen, store } = await open();
      const id = await driver.group(ann, [bob]);
      await driver.send(ann, id, 'kept');
      await driver.read(bob, id, 2);
      const before = {
        epoch: await store.epoch(),
        entry: await driver.entry(bob, id),
        list: await driver.listAll(bob, null),
      };
      const again = new StoreDriver(await reopen(), lowLimits({}));
      expect(await again.store.epoch()).toBe(before.epoch);
      expect(await again.entry(bob, id)).toEqual(before.entry);
      expect((await again.listAll(bob, before.list.cursor)).outcome).toBe('changed');
    });

    it('rejects every call after it is closed, without an effect', async () => {
      const { driver, store } = await open();
      const id = await driver.group(ann, [bob]);
      await store.close();
      const calls: readonly ((closed: Store) => Promise<unknown>)[] = [
        (closed) => closed.epoch(),
        (closed) => closed.list(ann, null, 10),
        (closed) => closed.entry(ann, id),
        () => driver.send(ann, id),
        () => driver.read(ann, id, 1),
      ];
      for (const call of calls) await expect(call(store)).rejects.toMatchObject({ name: 'StoreError', code: 'busy' });
    });
  });
}
