import { describe, expect, it } from 'vitest';
import type { OpenStore } from './store-under-test.js';

const [ann, bob, eve, zoe] = [1, 2, 3, 4];

/** Describes the storage of roles, settings, channels and notes. */
export function describeStoreGroups(open: OpenStore): void {
  describe('groups, channels and notes', () => {
    it('[CH-27.1] stores roles and settings, and reports their changes to cursors', async () => {
      const { driver } = await open();
      const id = await driver.group(ann, [bob, eve]);
      const { cursor } = await driver.listAll(bob, null);
      await driver.do(ann, { command: 'setRole', conversation: id, user: bob, role: 'admin' });
      const settings = { send: 'admins', add: 'members', rename: 'admins', join: 'anyone' } as const;
      await driver.do(bob, { command: 'configure', conversation: id, settings });
      expect((await driver.listAll(bob, cursor)).entries).toMatchObject([{ role: 'admin', settings, membersAt: 2 }]);
      const answer = await driver.store.members(eve, id, null, 10);
      expect(answer).toMatchObject({
        members: [
          { user: ann, role: 'owner' },
          { user: bob, role: 'admin' },
          { user: eve, role: 'member' },
        ],
      });
      await expect(driver.send(eve, id)).rejects.toThrow('denied');
    });

    it('keeps the picture of a group for its members through other changes', async () => {
      const { driver } = await open();
      const id = await driver.group(ann, [bob, eve]);
      expect((await driver.entry(bob, id)).picture).toBeNull();
      const { cursor } = await driver.listAll(bob, null);
      const picture = 'ab'.repeat(16);
      const size = { width: 1, height: 1, placeholder: '' };
      const file = { id: picture, name: 'p', kind: 'image', type: 'image/png', size: 1, picture: size } as const;
      const command = { command: 'setPicture', id: driver.mintId(), conversation: id, file: picture } as const;
      expect(await driver.run(ann, command, [file])).toMatchObject({ outcome: 'committed' });
      await driver.do(ann, { command: 'rename', conversation: id, name: 'other' });
      await driver.remove(ann, id, eve);
      expect((await driver.listAll(bob, cursor)).entries).toMatchObject([{ picture, name: 'other' }]);
      expect(await driver.entry(eve, id)).toMatchObject({ picture: null, name: 'other' });
      await driver.do(ann, { command: 'setPicture', conversation: id, file: null });
      expect((await driver.entry(bob, id)).picture).toBeNull();
    });

    it('[CH-27.1] hands a group over, after which its former owner is an admin', async () => {
      const { driver } = await open();
      const id = await driver.group(ann, [bob]);
      await driver.do(ann, { command: 'setRole', conversation: id, user: bob, role: 'owner' });
      expect((await driver.entry(ann, id)).role).toBe('admin');
      expect((await driver.entry(bob, id)).role).toBe('owner');
      await expect(driver.remove(ann, id, bob)).rejects.toThrow('denied');
    });

    it('[CH-27.5] [CH-27.7] [CH-27.8] passes the group of an owner who leaves to the longest-standing admin, then member, then reader', async () => {
      const { driver } = await open();
      const id = await driver.group(ann, [zoe, eve, bob]);
      await driver.remove(ann, id, bob);
      await driver.add(ann, id, bob);
      await driver.do(ann, { command: 'setRole', conversation: id, user: bob, role: 'admin' });
      await driver.do(ann, { command: 'setRole', conversation: id, user: eve, role: 'reader' });
      for (const [leaver, heir] of [
        [ann, bob],
        [bob, zoe],
        [zoe, eve],
      ] as const) {
        await driver.leave(leaver, id);
        expect((await driver.entry(heir, id)).role).toBe('owner');
      }
      expect((await driver.page(eve, id, { limit: 1 })).rows).toMatchObject([
        { body: { service: { change: 'left', owner: eve } } },
      ]);
      await driver.leave(eve, id);
      expect(await driver.entry(eve, id)).toMatchObject({ member: false, role: 'member' });
    });

    it('[CH-13.2] [CH-27.3] has channels that are large from the start and whose joiners read', async () => {
      const { driver } = await open();
      const { conversation: id } = (await driver.do(ann, {
        command: 'createChannel',
        name: 'news',
        join: 'invited',
      })) as {
        conversation: number;
      };
      await driver.add(ann, id, bob);
      expect(await driver.entry(ann, id)).toMatchObject({
        kind: 'channel',
        large: true,
        role: 'owner',
        memberCount: 2,
      });
      expect(await driver.entry(bob, id)).toMatchObject({ kind: 'channel', large: true, role: 'reader', name: 'news' });
      const { cursor } = await driver.listAll(bob, null);
      await expect(driver.send(bob, id)).rejects.toThrow('denied');
      await driver.send(ann, id);
      expect((await driver.listAll(bob, cursor)).entries).toMatchObject([{ conversation: id, unread: 1 }]);
      await driver.do(ann, { command: 'setRole', conversation: id, user: bob, role: 'member' });
      await driver.send(bob, id);
      expect(await driver.store.largeConversations(bob)).toEqual([id]);
    });

    it('[CH-27.2] creates one notes conversation per user', async () => {
      const { driver } = await open();
      const first = await driver.do(ann, { command: 'createNotes' });
      expect(await driver.do(ann, { command: 'createNotes' })).toEqual(first);
      const { conversation: id } = first as { conversation: number };
      await driver.send(ann, id);
      expect(await driver.entry(ann, id)).toMatchObject({ kind: 'notes', memberCount: 1, peer: null, unread: 0 });
      expect(await driver.do(bob, { command: 'createNotes' })).not.toEqual(first);
      await driver.read(ann, id, 2);
      await expect(driver.add(ann, id, bob)).rejects.toThrow('denied');
      await expect(driver.leave(ann, id)).rejects.toThrow('denied');
    });
  });
}
