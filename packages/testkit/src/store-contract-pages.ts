import { describe, expect, it } from 'vitest';
import type { OpenStore } from './store-under-test.js';
import { lowLimits } from './touch-message.js';

const [ann, bob, eve] = [1, 2, 3];

/** Describes reads of a member: pages, changes, messages by name, members, periods. */
export function describeStorePages(open: OpenStore): void {
  describe('page', () => {
    it('[CH-9.1] pages backwards from the end, each page with its covered range', async () => {
      const { driver } = await open();
      const id = await driver.group(ann, [bob]);
      await driver.sendMany(ann, id, 9);
      const last = await driver.page(bob, id, { limit: 4 });
      expect([last.rows.map((row) => row.sequence), last.covers]).toEqual([
        [7, 8, 9, 10],
        [7, 10],
      ]);
      const middle = await driver.page(bob, id, { anchor: { at: 'before', sequence: 7 }, limit: 4 });
      expect([middle.rows.map((row) => row.sequence), middle.covers]).toEqual([
        [3, 4, 5, 6],
        [3, 6],
      ]);
      const first = await driver.page(bob, id, { anchor: { at: 'before', sequence: 3 }, limit: 4 });
      expect([first.rows.map((row) => row.sequence), first.covers]).toEqual([
        [1, 2],
        [1, 2],
      ]);
      const emptyPage = await driver.page(bob, id, { anchor: { at: 'before', sequence: 1 }, limit: 4 });
      expect([emptyPage.rows, emptyPage.covers, emptyPage.head]).toEqual([[], null, { sequence: 10, modification: 0 }]);
    });

    it('[CH-9.1] pages forwards and around a message', async () => {
      const { driver } = await open();
      const id = await driver.group(ann, [bob]);
      await driver.sendMany(ann, id, 9);
      const after = await driver.page(bob, id, { anchor: { at: 'after', sequence: 2 }, limit: 3 });
      expect([after.rows.map((row) => row.sequence), after.covers]).toEqual([
        [3, 4, 5],
        [3, 5],
      ]);
      const end = await driver.page(bob, id, { anchor: { at: 'after', sequence: 10 }, limit: 3 });
      expect([end.rows, end.covers]).toEqual([[], null]);
      const around = await driver.page(bob, id, { anchor: { at: 'around', sequence: 5 }, limit: 4 });
      expect([around.rows.map((row) => row.sequence), around.covers]).toEqual([
        [4, 5, 6, 7],
        [4, 7],
      ]);
    });

    it('[CH-3.1] [CH-3.3] [CH-9.3] returns each period and nothing between two, and covers invisible ranges', async () => {
      const { driver } = await open();
      const id = await driver.group(ann, [eve]);
      await driver.add(ann, id, bob); // 2
      await driver.sendMany(ann, id, 2); // 3, 4
      await driver.remove(ann, id, bob); // 5
      await driver.sendMany(ann, id, 20); // 6 to 25
      await driver.add(ann, id, bob); // 26
      await driver.send(ann, id); // 27
      const whole = await driver.page(bob, id, { limit: 30 });
      expect([whole.rows.map((row) => row.sequence), whole.covers]).toEqual([
        [2, 3, 4, 5, 26, 27],
        [1, 27],
      ]);
      const recent = await driver.page(bob, id, { limit: 2 });
      expect([recent.rows.map((row) => row.sequence), recent.covers]).toEqual([
        [26, 27],
        [6, 27],
      ]);
      const older = await driver.page(bob, id, { anchor: { at: 'before', sequence: 6 }, limit: 3 });
      expect([older.rows.map((row) => row.sequence), older.covers]).toEqual([
        [3, 4, 5],
        [3, 5],
      ]);
      const forward = await driver.page(bob, id, { anchor: { at: 'after', sequence: 0 }, limit: 4 });
      expect([forward.rows.map((row) => row.sequence), forward.covers]).toEqual([
        [2, 3, 4, 5],
        [1, 25],
      ]);
      const between = await driver.page(bob, id, { anchor: { at: 'around', sequence: 10 }, limit: 4 });
      expect([between.rows.map((row) => row.sequence), between.covers]).toEqual([
        [4, 5, 26, 27],
        [4, 27],
      ]);
    });

    it('[CH-3.2] [CH-3.4] returns nothing to a former member and a stranger', async () => {
      const { driver } = await open();
      const id = await driver.group(ann, [bob]);
      await driver.send(ann, id);
      const [message] = (await driver.page(bob, id)).rows;
      await driver.leave(bob, id);
      const { store } = driver;
      const notMember = { outcome: 'not_member', epoch: await store.epoch() };
      for (const user of [bob, eve]) {
        expect(await store.page(user, id, { anchor: { at: 'end' }, limit: 30, check: null })).toEqual(notMember);
        expect(await store.changes(user, id, 0, 200)).toEqual(notMember);
        expect(await store.messages(user, id, [{ sequence: 1, id: message?.id ?? '' }])).toEqual(notMember);
        expect(await store.members(user, id, null, 10)).toEqual(notMember);
        expect(await store.readers(user, id, 2)).toEqual(notMember);
        expect(await store.page(user, 99, { anchor: { at: 'end' }, limit: 30, check: null })).toEqual(notMember);
      }
      expect((await store.entry(eve, id)).entry).toBeNull();
    });

    it('[CH-25.2] [CH-26.2] resets a page whose last held message is not of this log', async () => {
      const { driver } = await open();
      const id = await driver.group(ann, [bob]);
      await driver.send(ann, id);
      const last = (await driver.page(bob, id)).rows.at(-1);
      if (last === undefined) throw new Error('an empty page');
      const reset = { outcome: 'reset', epoch: await driver.store.epoch() };
      const request = { anchor: { at: 'end' as const }, limit: 30 };
      expect((await driver.page(bob, id, { check: { sequence: 2, id: last.id } })).outcome).toBe('page');
      expect(await driver.store.page(bob, id, { ...request, check: { sequence: 2, id: '0'.repeat(16) } })).toEqual(
        reset,
      );
      expect(await driver.store.page(bob, id, { ...request, check: { sequence: 3, id: last.id } })).toEqual(reset);
    });
  });

  describe('changes', () => {
    it('[CH-10.1] returns messages touched since, in the order of their changes, in pages', async () => {
      const { driver } = await open();
      const id = await driver.group(ann, [bob]);
      await driver.sendMany(ann, id, 4);
      for (const sequence of [4, 2, 5, 2]) await driver.touch(id, sequence, `touched ${sequence}`);
      const all = await driver.store.changes(bob, id, 0, 200);
      if (all.outcome !== 'changes') throw new Error(all.outcome);
      expect(all.rows.map((row) => [row.sequence, row.modification])).toEqual([
        [4, 1],
        [5, 3],
        [2, 4],
      ]);
      expect([all.since, all.to, all.more]).toEqual([0, 4, false]);
      expect(all.rows.at(-1)?.body).toEqual({ kind: 'text', text: 'touched 2' });
      const part = await driver.store.changes(bob, id, 0, 2);
      expect(part).toMatchObject({ to: 3, more: true });
      expect(await driver.store.changes(bob, id, 3, 2)).toMatchObject({ to: 4, more: false, rows: [{ sequence: 2 }] });
      expect(await driver.store.changes(bob, id, 4, 2)).toMatchObject({ since: 4, to: 4, more: false, rows: [] });
      expect((await driver.page(bob, id)).head).toEqual({ sequence: 5, modification: 4 });
    });

    it('[CH-10.1] [CH-10.2] respects the ranges, and advances to the head even when nothing visible changed', async () => {
      const { driver } = await open();
      const id = await driver.group(ann, [eve]);
      await driver.sendMany(ann, id, 2);
      await driver.add(ann, id, bob);
      await driver.send(ann, id);
      await driver.touch(id, 2);
      await driver.touch(id, 5);
      await driver.touch(id, 3);
      expect(await driver.store.changes(bob, id, 0, 200)).toMatchObject({
        to: 3,
        more: false,
        rows: [{ sequence: 5 }],
      });
    });

    it('[R5] [CH-10.5] resets above the head and too far below it', async () => {
      const { driver } = await open(lowLimits({ changesBumpsMax: 3 }));
      const id = await driver.group(ann, [bob]);
      for (let bump = 0; bump < 4; bump += 1) await driver.touch(id, 1);
      const reset = { outcome: 'reset', epoch: await driver.store.epoch() };
      expect(await driver.store.changes(bob, id, 5, 200)).toEqual(reset);
      expect(await driver.store.changes(bob, id, 0, 200)).toEqual(reset);
      expect(await driver.store.changes(bob, id, 1, 200)).toMatchObject({ outcome: 'changes', to: 4 });
    });

    it('[CH-17.7] reports a touched message only to members who may see it, and only the heads to the others', async () => {
      const { driver } = await open();
      const id = await driver.group(ann, [eve]);
      await driver.send(ann, id);
      await driver.add(ann, id, bob);
      const notices = await driver.touch(id, 2);
      expect(
        notices.map((notice) =>
          notice.to === 'users' && notice.event.event === 'commit'
            ? [notice.users, notice.event.row?.sequence ?? null]
            : null,
        ),
      ).toEqual([
        [[ann, eve], 2],
        [[bob], null],
      ]);
    });
  });

  describe('other reads', () => {
    it('[CH-9.1] reads one snapshot despite concurrent writes', async () => {
      const { driver } = await open();
      const id = await driver.group(ann, [bob]);
      const writes = Array.from({ length: 30 }, (_, index) =>
        index % 3 === 2 ? driver.touch(id, 1) : driver.send(ann, id),
      );
      const reads = Array.from({ length: 30 }, async () => {
        const [page, entry] = await Promise.all([driver.page(bob, id, { limit: 100 }), driver.entry(bob, id)]);
        expect(page.rows.at(-1)?.sequence).toBe(page.head.sequence);
        expect(page.covers).toEqual([1, page.head.sequence]);
        expect(page.rows[0]?.modification).toBe(page.head.modification);
        expect(entry.preview?.sequence).toBe(entry.sequence);
        expect(entry.unread).toBe(entry.sequence - 1);
      });
      await Promise.all([...writes, ...reads]);
      expect((await driver.page(bob, id)).head).toEqual({ sequence: 21, modification: 10 });
    });

    it('[CH-3.1] returns messages by name if the id matches and the range allows it', async () => {
      const { driver } = await open();
      const id = await driver.group(ann, [eve]);
      await driver.send(ann, id);
      await driver.add(ann, id, bob);
      await driver.send(ann, id);
      const names = (await driver.page(ann, id)).rows.map(({ sequence, id: name }) => ({ sequence, id: name }));
      const wrong = names.map((name) => (name.sequence === 3 ? { ...name, id: '0'.repeat(16) } : name));
      const answer = await driver.store.messages(bob, id, wrong.toReversed());
      expect(answer.outcome === 'messages' ? answer.rows.map((row) => row.sequence) : null).toEqual([4]);
    });

    it('pages the members by id, with the version that was read', async () => {
      const { driver } = await open();
      const id = await driver.group(ann, [5, 4, bob]);
      await driver.leave(4, id);
      const first = await driver.store.members(bob, id, null, 2);
      expect(first).toMatchObject({
        outcome: 'members',
        membersAt: 2,
        more: true,
        members: [
          { user: ann, role: 'owner' },
          { user: bob, role: 'member' },
        ],
      });
      expect(await driver.store.members(bob, id, bob, 2)).toMatchObject({
        more: false,
        members: [{ user: 5, role: 'member' }],
      });
    });

    it('[CH-17.3] returns the periods of requested members, with the membersAt of the same snapshot', async () => {
      const { driver } = await open();
      const id = await driver.group(ann, [bob]);
      await driver.touch(id, 1);
      await driver.leave(bob, id);
      await driver.add(ann, id, bob, eve);
      const view = await driver.store.periods(id, [bob, eve, 9]);
      expect(view.membersAt).toBe(3);
      expect([...view.periods]).toEqual([
        [
          bob,
          [
            { from: 1, to: 2, toModification: 1 },
            { from: 3, to: null, toModification: null },
          ],
        ],
        [eve, [{ from: 3, to: null, toModification: null }]],
      ]);
    });

    it('[CH-3.3] keeps a limited number of periods, dropping the oldest', async () => {
      const { driver } = await open(lowLimits({ periodsMax: 2 }));
      const id = await driver.group(ann, [eve]);
      for (let stay = 0; stay < 3; stay += 1) {
        await driver.add(ann, id, bob);
        await driver.send(ann, id);
        if (stay < 2) await driver.leave(bob, id);
      }
      expect((await driver.page(bob, id)).rows.map((row) => row.sequence)).toEqual([5, 6, 7, 8, 9]);
    });

    it('[CH-3.2] leaves a former member a stub: the name at that time, how the membership ended, and no later messages', async () => {
      const { driver } = await open();
      const id = await driver.group(ann, [bob], 'before');
      await driver.send(ann, id, 'seen');
      await driver.remove(ann, id, bob);
      const stub = await driver.entry(bob, id);
      expect(stub).toMatchObject({
        member: false,
        ended: 'removed',
        name: 'before',
        sequence: 3,
        modification: 0,
        unread: 0,
        count: 0,
        preview: null,
      });
      await driver.send(ann, id, 'not for bob');
      await driver.rename(ann, id, 'after');
      await driver.touch(id, 2);
      expect(await driver.entry(bob, id)).toEqual(stub);
    });
  });
}
