import type { ChatLimits } from '@everywire/chat';
import { describe, expect, it } from 'vitest';
import type { OpenStore } from './store-under-test.js';
import { lowLimits } from './touch-message.js';

const [ann, bob, eve, zoe] = [1, 2, 3, 4];

const small: ChatLimits = lowLimits({ smallMembersMax: 3 });

/** Describes the size limit above which a conversation stops stamping its members (CH-13). */
export function describeStoreLarge(open: OpenStore): void {
  describe('large conversations', () => {
    it('[CH-13.1] [CH-13.2] [CH-13.5] is small up to the limit and large above it', async () => {
      const { driver } = await open(small);
      const id = await driver.group(ann, [bob, eve]);
      expect((await driver.entry(bob, id)).large).toBe(false);
      await driver.add(ann, id, zoe);
      for (const user of [ann, bob, eve, zoe]) expect((await driver.entry(user, id)).large).toBe(true);
    });

    it('[CH-13.5] has its own limit of 200', async () => {
      const { driver } = await open();
      const id = await driver.group(
        ann,
        Array.from({ length: 199 }, (_, index) => index + 2),
      );
      expect(await driver.entry(ann, id)).toMatchObject({ large: false, memberCount: 200 });
      await driver.add(ann, id, 1_000);
      expect(await driver.entry(bob, id)).toMatchObject({ large: true, memberCount: 201 });
    });

    it('[CH-13.5] shows the crossing and everything after it to a cursor taken before', async () => {
      const { driver } = await open(small);
      const id = await driver.group(ann, [bob, eve]);
      const before = (await driver.listAll(bob, null)).cursor;
      await driver.add(ann, id, zoe);
      const crossed = await driver.listAll(bob, before);
      expect(crossed.entries).toMatchObject([{ conversation: id, sequence: 2, large: true }]);
      await driver.send(ann, id);
      const after = await driver.listAll(bob, crossed.cursor);
      expect(after.entries).toMatchObject([{ conversation: id, sequence: 3, unread: 1 }]);
      expect((await driver.listAll(bob, before)).entries).toMatchObject([{ sequence: 3 }]);
      expect((await driver.listAll(bob, after.cursor)).entries).toEqual([]);
    });

    it('[CH-13.6] never falls back to small', async () => {
      const { driver } = await open(small);
      const id = await driver.group(ann, [bob, eve, zoe]);
      await driver.leave(zoe, id);
      await driver.leave(eve, id);
      const { cursor } = await driver.listAll(bob, null);
      await driver.send(ann, id);
      expect((await driver.listAll(bob, cursor)).entries).toMatchObject([{ large: true, unread: 1 }]);
      await driver.touch(id, 1);
      expect((await driver.listAll(bob, cursor)).entries).toMatchObject([{ modification: 1 }]);
    });

    it('[CH-3.2] [CH-13.7] reports nothing more to members who left', async () => {
      const { driver } = await open(small);
      const id = await driver.group(ann, [bob, eve, zoe]);
      await driver.send(ann, id);
      await driver.leave(bob, id);
      const stub = await driver.entry(bob, id);
      expect(stub).toMatchObject({ member: false, sequence: 3, activity: driver.now });
      const { cursor } = await driver.listAll(bob, null);
      driver.pass(1_000);
      await driver.send(ann, id);
      expect((await driver.listAll(bob, cursor)).entries).toEqual([]);
      expect(await driver.entry(bob, id)).toEqual(stub);
    });

    it('[CH-15.3] orders small and large conversations in one list', async () => {
      const { driver } = await open(small);
      const large = await driver.group(ann, [bob, eve, zoe]);
      const first = await driver.group(ann, [bob]);
      const second = await driver.direct(ann, bob);
      await driver.send(ann, first);
      await driver.send(ann, large);
      const page = await driver.store.listPage(bob, null, 2);
      expect(page.entries.map((entry) => entry.conversation)).toEqual([large, first]);
      expect(page.more).toBe(true);
      expect((await driver.listAll(bob, null)).entries.map((entry) => entry.conversation)).toEqual([
        large,
        first,
        second,
      ]);
    });

    it('[CH-13.2] returns the large conversations of a current member', async () => {
      const { driver } = await open(small);
      const one = await driver.group(ann, [bob, eve, zoe]);
      await driver.group(ann, [bob]);
      const two = await driver.group(ann, [bob, eve, zoe]);
      expect(await driver.store.largeConversations(bob)).toEqual([one, two]);
      await driver.leave(bob, one);
      expect(await driver.store.largeConversations(bob)).toEqual([two]);
    });

    it('[CH-13.3] counts them for the decision about joining another', async () => {
      const { driver } = await open(lowLimits({ smallMembersMax: 1, largeConversationsMax: 2 }));
      for (let index = 0; index < 2; index += 1) await driver.group(ann, [bob]);
      const third = await driver.group(ann, [eve]);
      await expect(driver.add(ann, third, bob)).rejects.toThrow('too_many');
      await driver.add(ann, third, zoe);
    });

    it('[CH-17.2] [CH-17.8] publishes once for its members, and to each user the change that makes it large or adds them', async () => {
      const { driver } = await open(small);
      const id = await driver.group(ann, [bob, eve]);
      const run = async (text: string): Promise<unknown> => {
        const outcome = await driver.run(ann, { command: 'send', id: driver.mintId(), conversation: id, text });
        return outcome.outcome === 'committed'
          ? outcome.notices.map((notice) => (notice.to === 'users' ? notice.users : notice.to))
          : null;
      };
      expect(await run('small')).toEqual([[ann, bob, eve]]);
      const crossing = await driver.run(ann, { command: 'add', id: driver.mintId(), conversation: id, users: [zoe] });
      expect(crossing).toMatchObject({
        notices: [{ to: 'users', users: [ann, bob, eve, zoe], event: { large: true } }],
      });
      expect(await run('large')).toEqual(['members']);
      const joining = await driver.run(ann, { command: 'add', id: driver.mintId(), conversation: id, users: [9] });
      expect(joining).toMatchObject({ notices: [{ to: 'members' }, { to: 'users', users: [9] }] });
    });

    it('[CH-23.4] stores no delivery receipts, and counts readers only for the author', async () => {
      const { driver } = await open(small);
      const id = await driver.group(ann, [bob, eve, zoe]);
      await driver.send(ann, id);
      expect(await driver.delivered(bob, id, 2)).toEqual([]);
      await driver.read(bob, id, 2);
      await driver.add(ann, id, 9);
      const epoch = await driver.store.epoch();
      expect(await driver.store.readers(ann, id, 2)).toEqual({ outcome: 'count', epoch, count: 1 });
      expect(await driver.store.readers(bob, id, 2)).toEqual({ outcome: 'not_found', epoch });
      expect(await driver.store.readers(ann, id, 77)).toEqual({ outcome: 'not_found', epoch });
    });
  });
}
