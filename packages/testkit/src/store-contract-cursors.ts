import { describe, expect, it } from 'vitest';
import type { OpenStore } from './store-under-test.js';

const [ann, bob, eve] = [1, 2, 3];

/** Describes `changeMember`: cursors, computed unread counts, drafts, receipts. */
export function describeStoreCursors(open: OpenStore): void {
  describe('changeMember', () => {
    it('[CH-19.1] [CH-19.2] counts the messages of others above read, by arithmetic', async () => {
      const { driver } = await open();
      const id = await driver.group(ann, [bob]);
      await driver.sendMany(ann, id, 3);
      await driver.sendMany(bob, id, 2);
      await driver.sendMany(ann, id, 2);
      expect((await driver.entry(bob, id)).unread).toBe(5);
      expect((await driver.entry(ann, id)).unread).toBe(2);
      await driver.read(bob, id, 3);
      expect(await driver.entry(bob, id)).toMatchObject({ read: 3, readOrdinal: 2, readSent: 0, unread: 3 });
      await driver.read(bob, id, 6);
      expect(await driver.entry(bob, id)).toMatchObject({ read: 6, readOrdinal: 5, readSent: 2, unread: 2 });
      await driver.read(bob, id, 8);
      expect(await driver.entry(bob, id)).toMatchObject({ read: 8, unread: 0 });
    });

    it('[CH-19.1] sending does not move the read cursor', async () => {
      const { driver } = await open();
      const id = await driver.direct(ann, bob);
      await driver.send(ann, id);
      await driver.send(bob, id);
      expect(await driver.entry(bob, id)).toMatchObject({ read: 0, unread: 1, sent: 1 });
    });

    it('[CH-19.2] clamps read to the head and never moves it back', async () => {
      const { driver } = await open();
      const id = await driver.group(ann, [bob]);
      await driver.sendMany(ann, id, 2);
      await driver.read(bob, id, 1_000);
      expect((await driver.entry(bob, id)).read).toBe(3);
      await driver.send(ann, id);
      expect((await driver.entry(bob, id)).unread).toBe(1);
      const before = await driver.entry(bob, id);
      expect(await driver.read(bob, id, 2)).toEqual([]);
      expect(await driver.entry(bob, id)).toEqual(before);
    });

    it('[CH-19.4] counts unread messages of a rejoined member from the new period', async () => {
      const { driver } = await open();
      const id = await driver.group(ann, [bob]);
      await driver.sendMany(bob, id, 2);
      await driver.sendMany(ann, id, 2);
      await driver.remove(ann, id, bob);
      await driver.sendMany(ann, id, 4);
      await driver.add(ann, id, bob);
      expect(await driver.entry(bob, id)).toMatchObject({ unread: 0, read: 10, readOrdinal: 8, sent: 2, readSent: 2 });
      await driver.send(ann, id);
      await driver.send(bob, id);
      expect((await driver.entry(bob, id)).unread).toBe(1);
      await driver.read(bob, id, 12);
      expect(await driver.entry(bob, id)).toMatchObject({ unread: 0, readSent: 2 });
    });

    it('[CH-23.1] shows a direct peer the read position, and raises the revision of both', async () => {
      const { driver } = await open();
      const id = await driver.direct(ann, bob);
      await driver.sendMany(ann, id, 2);
      const [annBefore, bobBefore] = [await driver.entry(ann, id), await driver.entry(bob, id)];
      await driver.delivered(bob, id, 3);
      const deliveredAt = driver.now;
      const reached = { user: bob, delivered: 3, deliveredAt };
      expect((await driver.entry(ann, id)).peer).toEqual({ ...reached, shown: 0, shownAt: 0 });
      const notices = await driver.read(bob, id, 2);
      const [annAfter, bobAfter] = [await driver.entry(ann, id), await driver.entry(bob, id)];
      expect(annAfter.peer).toEqual({ ...reached, shown: 2, shownAt: driver.now });
      expect(annAfter.revision).toBe(annBefore.revision + 2);
      expect(bobAfter.revision).toBe(bobBefore.revision + 1);
      expect(notices.map((notice) => (notice.to === 'users' ? [notice.users, notice.event.event] : notice.to))).toEqual(
        [
          [[bob], 'own'],
          [[ann], 'own'],
        ],
      );
    });

    it('[CH-6.4] stamps a cursor change only for the member and a direct peer', async () => {
      const { driver } = await open();
      const group = await driver.group(ann, [bob]);
      const direct = await driver.direct(ann, bob);
      await driver.send(ann, group);
      await driver.send(ann, direct);
      const { cursor } = await driver.listAll(ann, null);
      await driver.read(bob, group, 2);
      await driver.read(bob, direct, 2);
      expect((await driver.listAll(ann, cursor)).entries.map((entry) => entry.conversation)).toEqual([direct]);
    });

    it('[CH-23.2] [CH-23.3] returns the receipts of a small conversation with their times and the start of each period', async () => {
      const { driver } = await open();
      const id = await driver.group(ann, [bob]);
      await driver.send(ann, id);
      await driver.add(ann, id, eve);
      await driver.delivered(eve, id, 3);
      const deliveredAt = driver.now;
      await driver.read(bob, id, 2);
      const readAt = driver.now;
      expect(await driver.store.readers(ann, id, 2)).toEqual({
        outcome: 'receipts',
        epoch: await driver.store.epoch(),
        membersAt: 3,
        receipts: [
          { user: ann, shown: 0, shownAt: 0, delivered: 0, deliveredAt: 0, from: 1 },
          { user: bob, shown: 2, shownAt: readAt, delivered: 2, deliveredAt: readAt, from: 1 },
          { user: eve, shown: 2, shownAt: 0, delivered: 3, deliveredAt, from: 3 },
        ],
      });
    });

    it('stores a draft, rejects a stale base, and clears the draft when it is sent, not by a thread reply or a forward', async () => {
      const { driver } = await open();
      const id = await driver.group(ann, [bob]);
      expect(await driver.draft(bob, id, 'half a th', 0)).toEqual({
        accepted: true,
        draft: { text: 'half a th', revision: 1 },
      });
      expect(await driver.draft(bob, id, 'other', 0)).toEqual({
        accepted: false,
        draft: { text: 'half a th', revision: 1 },
      });
      expect((await driver.entry(bob, id)).draft).toEqual({ text: 'half a th', revision: 1 });
      const { sequence, id: name } = await driver.send(ann, id);
      await driver.sendWith(bob, id, { thread: { sequence, id: name }, draft: 1 });
      await driver.do(bob, { command: 'forward', conversation: id, from: id, message: { sequence, id: name } });
      expect((await driver.entry(bob, id)).draft).toEqual({ text: 'half a th', revision: 1 });
      await driver.sendWith(bob, id, { draft: 1 });
      expect((await driver.entry(bob, id)).draft).toEqual({ text: '', revision: 2 });
      expect((await driver.entry(ann, id)).draft).toEqual({ text: '', revision: 0 });
    });

    it('keeps a draft that is newer than the one of a late message, and a draft that a message does not name', async () => {
      const { driver } = await open();
      const id = await driver.group(ann, [bob]);
      await driver.draft(bob, id, 'old', 0);
      await driver.draft(bob, id, 'newer', 1);
      await driver.sendWith(bob, id, { draft: 1 });
      await driver.send(bob, id, 'from a program');
      expect((await driver.entry(bob, id)).draft).toEqual({ text: 'newer', revision: 2 });
      const command = { command: 'send', id: driver.mintId(), conversation: id, text: 'newer', draft: 2 } as const;
      await driver.run(bob, command);
      expect((await driver.entry(bob, id)).draft).toEqual({ text: '', revision: 3 });
      await driver.draft(bob, id, 'next', 3);
      expect(await driver.run(bob, { ...command, draft: 4 })).toMatchObject({ outcome: 'repeated' });
      expect((await driver.entry(bob, id)).draft).toEqual({ text: 'next', revision: 4 });
    });

    it('[CH-3.2] [CH-3.4] rejects the cursors of a former member and of a stranger', async () => {
      const { driver } = await open();
      const id = await driver.group(ann, [bob]);
      await driver.leave(bob, id);
      await expect(driver.read(bob, id, 1)).rejects.toThrow('not_member');
      await expect(driver.read(eve, id, 1)).rejects.toThrow('not_found');
      await expect(driver.draft(bob, 77, 'x', 0)).rejects.toThrow('not_found');
    });

    it('writes nothing when a decision rejects or throws', async () => {
      const { driver } = await open();
      const id = await driver.group(ann, [bob]);
      const before = await driver.entry(bob, id);
      const broken = driver.store.changeMember({
        conversation: id,
        user: bob,
        position: null,
        decide: () => {
          throw new Error('a bug');
        },
      });
      await expect(broken).rejects.toThrow();
      expect(await driver.entry(bob, id)).toEqual(before);
    });
  });
}
