import { describe, expect, it } from 'vitest';
import type { StoreDriver } from './store-driver.js';
import type { OpenStore } from './store-under-test.js';
import { lowLimits } from './touch-message.js';

const [ann, bob] = [1, 2];

async function order(driver: StoreDriver, user: number): Promise<readonly number[]> {
  const seen: number[] = [];
  for (let after: Parameters<StoreDriver['store']['listPage']>[1] = null; ; ) {
    const page = await driver.store.listPage(user, after, 2);
    seen.push(...page.entries.map((entry) => entry.conversation));
    const last = page.entries.at(-1);
    if (!page.more || last === undefined) return seen;
    after = { place: last.place, activity: last.activity, conversation: last.conversation };
  }
}

/** Describes personal settings of a member, which change only the member's own row and list. */
export function describeStoreOwn(open: OpenStore): void {
  describe('personal settings', () => {
    for (const smallMembersMax of [200, 1]) {
      const size = smallMembersMax === 1 ? 'large' : 'small';

      it(`[CH-24] lists pinned conversations first, archived ones last, and dismissed ones not at all (${size})`, async () => {
        const { driver } = await open(lowLimits({ smallMembersMax }));
        const ids: number[] = [];
        for (let index = 0; index < 5; index += 1) {
          driver.pass(10);
          ids.push(await driver.group(ann, [bob]));
        }
        const [first = 0, second = 0, third = 0, fourth = 0, fifth = 0] = ids;
        const { cursor } = await driver.listAll(bob, null);
        await driver.do(bob, { command: 'arrange', conversation: first, place: 'pinned' });
        await driver.do(bob, { command: 'arrange', conversation: fifth, place: 'archived' });
        await driver.do(bob, { command: 'dismiss', conversation: fourth });
        expect(await order(driver, bob)).toEqual([first, third, second, fifth]);
        expect(await order(driver, ann)).toEqual([fifth, fourth, third, second, first]);
        const changed = (await driver.listAll(bob, cursor)).entries;
        expect(changed.map(({ conversation, place, dismissed }) => [conversation, place, dismissed])).toEqual([
          [first, 'pinned', false],
          [fifth, 'archived', false],
          [fourth, 'normal', true],
        ]);
        driver.pass(10);
        await driver.rename(ann, fourth, 'other');
        expect(await order(driver, bob)).toEqual([first, third, second, fifth]);
        await driver.send(ann, fourth);
        await driver.send(ann, fifth);
        expect(await order(driver, bob)).toEqual([first, fourth, third, second, fifth]);
        await driver.do(bob, { command: 'arrange', conversation: first, place: 'normal' });
        await driver.do(bob, { command: 'arrange', conversation: fifth, place: 'normal' });
        expect(await order(driver, bob)).toEqual([fifth, fourth, third, second, first]);
      });

      it(`[CH-28.7] dismisses the stub of a former member until the next period (${size})`, async () => {
        const { driver } = await open(lowLimits({ smallMembersMax }));
        const id = await driver.group(ann, [bob]);
        await driver.do(bob, { command: 'arrange', conversation: id, place: 'pinned' });
        await driver.leave(bob, id);
        await driver.do(bob, { command: 'dismiss', conversation: id });
        await driver.send(ann, id);
        expect(await order(driver, bob)).toEqual([]);
        await expect(driver.do(bob, { command: 'mute', conversation: id, until: 5 })).rejects.toThrow('not_member');
        await driver.add(ann, id, bob);
        expect(await driver.entry(bob, id)).toMatchObject({ dismissed: false, place: 'normal' });
        expect(await order(driver, bob)).toEqual([id]);
      });
    }

    it('[CH-28.6] clears the history for one member, which counts as read but sends no receipt', async () => {
      const { driver } = await open();
      const id = await driver.direct(ann, bob);
      await driver.sendMany(ann, id, 4);
      await driver.read(bob, id, 2);
      await driver.do(bob, { command: 'clear', conversation: id, sequence: 4 });
      expect(await driver.entry(bob, id)).toMatchObject({ cleared: 4, read: 4, unread: 1, preview: { sequence: 5 } });
      expect((await driver.page(bob, id)).rows.map((row) => row.sequence)).toEqual([5]);
      expect((await driver.entry(ann, id)).peer).toMatchObject({ shown: 2, delivered: 2 });
      expect((await driver.page(ann, id)).rows).toHaveLength(5);
      await driver.do(bob, { command: 'clear', conversation: id, sequence: 1_000 });
      expect(await driver.entry(bob, id)).toMatchObject({ cleared: 5, unread: 0, preview: null });
      await driver.do(bob, { command: 'clear', conversation: id, sequence: 2 });
      expect((await driver.entry(bob, id)).cleared).toBe(5);
      await driver.send(ann, id);
      expect(await driver.entry(bob, id)).toMatchObject({ unread: 1, preview: { sequence: 6 } });
    });

    it('[CH-41.1] [CH-41.2] notifies of all messages in a direct conversation and of mentions in a group, until another rule is set', async () => {
      const { driver } = await open();
      const [direct, group] = [await driver.direct(ann, bob), await driver.group(ann, [bob])];
      const channel = await driver.do(ann, { command: 'createChannel', name: 'news', join: 'anyone' });
      const rules = async (user: number) =>
        Promise.all([direct, group].map(async (id) => (await driver.entry(user, id)).notify));
      expect(await rules(bob)).toEqual(['all', 'mentions']);
      expect((await driver.entry(ann, 'conversation' in channel ? channel.conversation : 0)).notify).toBe('mentions');
      const { revision } = await driver.entry(bob, group);
      for (const rule of ['all', 'none', 'mentions'] as const) {
        await driver.do(bob, { command: 'notify', conversation: group, rule });
        expect((await driver.entry(bob, group)).notify).toBe(rule);
      }
      expect((await driver.entry(bob, group)).revision).toBe(revision + 3);
      // Choosing the default again is not a change.
      const again = { command: 'notify', id: driver.mintId(), conversation: direct, rule: 'all' } as const;
      expect(await driver.run(bob, again)).toMatchObject({ outcome: 'committed', notices: [] });
      expect(await rules(ann)).toEqual(['all', 'mentions']);
    });

    it('[CH-41.1] [CH-28.8] returns to the default when a member comes back to a group', async () => {
      const { driver } = await open();
      const id = await driver.group(ann, [bob]);
      await driver.do(bob, { command: 'notify', conversation: id, rule: 'none' });
      await driver.leave(bob, id);
      const notify = { command: 'notify', conversation: id, rule: 'all' } as const;
      await expect(driver.do(bob, notify)).rejects.toThrow('not_member');
      await driver.add(ann, id, bob);
      expect((await driver.entry(bob, id)).notify).toBe('mentions');
    });

    it('[CH-6.4] [CH-28.1] [CH-28.5] raises only the own revision, and nothing for an unchanged setting', async () => {
      const { driver } = await open();
      const id = await driver.group(ann, [bob]);
      const [before, other] = [await driver.entry(bob, id), await driver.entry(ann, id)];
      const { cursor } = await driver.listAll(ann, null);
      for (const command of [
        { command: 'mute', conversation: id, until: 77 },
        { command: 'notify', conversation: id, rule: 'none' },
        { command: 'mark', conversation: id, marked: true },
        { command: 'arrange', conversation: id, place: 'archived' },
      ] as const) {
        await driver.do(bob, command);
        const again = await driver.run(bob, { ...command, id: driver.mintId() });
        expect(again).toMatchObject({ outcome: 'committed', notices: [] });
      }
      const { revision } = before;
      const own = { mute: 77, notify: 'none', mark: true, place: 'archived', revision: revision + 4 };
      expect(await driver.entry(bob, id)).toEqual({ ...before, ...own });
      expect(await driver.entry(ann, id)).toEqual(other);
      expect((await driver.listAll(ann, cursor)).entries).toEqual([]);
      await driver.read(bob, id, 1);
      expect((await driver.entry(bob, id)).mark).toBe(false);
    });
  });
}
