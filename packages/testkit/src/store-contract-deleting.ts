import { describe, expect, it } from 'vitest';
import type { OpenStore } from './store-under-test.js';
import { lowLimits } from './touch-message.js';

const [ann, bob, eve] = [1, 2, 3];

/** What is left of a deleted conversation: an entry that says so, and nothing to read. */
export function describeStoreDeleting(open: OpenStore): void {
  describe('deleting', () => {
    it.each([
      ['a small group', {}],
      ['a large one', { smallMembersMax: 1 }],
    ])('[CH-36] %s is told of by the list, once, and read by nobody', async (_name, limits) => {
      const { driver } = await open(lowLimits(limits));
      const { store } = driver;
      const id = await driver.group(ann, [bob, eve], 'Zoo');
      await driver.send(ann, id, 'lion');
      await driver.leave(eve, id);
      const before = await driver.listAll(bob, null);
      const gone = await driver.listAll(eve, null);
      await driver.do(ann, { command: 'delete', conversation: id });
      const after = await driver.listAll(bob, before.cursor);
      expect(after.entries).toMatchObject([
        { conversation: id, member: false, ended: 'deleted', role: 'member', name: 'Zoo', unread: 0, preview: null },
      ]);
      expect((await driver.listAll(bob, after.cursor)).entries).toEqual([]);
      expect((await driver.listAll(eve, gone.cursor)).entries).toEqual([]);
      expect(await driver.entry(eve, id)).toMatchObject({ ended: 'left', sequence: 3 });
      for (const user of [ann, bob, eve]) {
        const page = await store.page(user, id, { anchor: { at: 'end' }, limit: 10, check: null });
        expect(page.outcome).toBe('not_member');
        expect((await store.members(user, id, null, 10)).outcome).toBe('not_member');
        expect((await store.invites(user, id)).outcome).toBe('not_member');
        expect(
          (await store.findConversations(user, { name: 'zoo', peers: [] }, { after: null, limit: 5 })).entries,
        ).toEqual([]);
        expect(await store.largeConversations(user)).toEqual([]);
      }
    });

    it('[CH-36] leaves the directory, takes its invitations along, and makes room among the large ones', async () => {
      const { driver } = await open(lowLimits({ largeConversationsMax: 1 }));
      const { store } = driver;
      const channel = async (owner: number) => {
        const answer = await driver.do(owner, { command: 'createChannel', name: 'News', join: 'anyone' });
        return 'conversation' in answer ? answer.conversation : 0;
      };
      const [first, second] = [await channel(ann), await channel(eve)];
      await driver.do(bob, { command: 'join', conversation: first, secret: null });
      expect(await driver.code(bob, { command: 'join', conversation: second, secret: null })).toBe('too_many');
      await driver.do(ann, { command: 'delete', conversation: first });
      expect(await driver.code(bob, { command: 'join', conversation: second, secret: null })).toBe('committed');
      expect((await store.directory('', null, 10)).map(({ conversation }) => conversation)).toEqual([second]);
      expect((await store.invitation(first, null, 0)).outcome).toBe('not_found');
      expect(await driver.code(4, { command: 'join', conversation: first, secret: null })).toBe('not_found');
    });
  });
}
