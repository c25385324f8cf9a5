import type { Entry } from '@everywire/chat';
import { describe, expect, it } from 'vitest';
import type { OpenStore } from './store-under-test.js';
import { lowLimits } from './touch-message.js';

const [ann, bob, eve] = [1, 2, 3];

const idsOf = (entries: readonly Entry[]): readonly number[] => entries.map((entry) => entry.conversation);
const sorted = (ids: readonly number[]): readonly number[] => ids.toSorted((a, b) => a - b);

/** Describes the list of conversations and its cursors. */
export function describeStoreList(open: OpenStore): void {
  describe('list', () => {
    it('[CH-4.5] [CH-12] starts with a reset and the newest entries, and then returns changes', async () => {
      const { driver } = await open();
      const one = await driver.group(ann, [bob]);
      const two = await driver.group(ann, [bob]);
      const fresh = await driver.store.list(bob, null, 100);
      expect(fresh).toMatchObject({ outcome: 'reset', epoch: await driver.store.epoch(), more: false });
      expect(idsOf(fresh.entries)).toEqual([two, one]);
      expect(await driver.listAll(bob, fresh.cursor)).toMatchObject({ outcome: 'changed', entries: [] });
      await driver.send(ann, one, 'hello');
      const changed = await driver.listAll(bob, fresh.cursor);
      expect(idsOf(changed.entries)).toEqual([one]);
      expect(changed.entries[0]?.preview?.body).toEqual({ kind: 'text', text: 'hello' });
      expect((await driver.listAll(bob, changed.cursor)).entries).toEqual([]);
      expect(idsOf((await driver.listAll(bob, fresh.cursor)).entries)).toEqual([one]);
    });

    it('[CH-12] shows every kind of change: sent, touched, read elsewhere, renamed, joined, removed, created', async () => {
      const { driver } = await open();
      const ids = [];
      for (let index = 0; index < 7; index += 1) ids.push(await driver.group(ann, index === 4 ? [eve] : [bob]));
      const [sent = 0, touched = 0, read = 0, renamed = 0, joined = 0, removed = 0, quiet = 0] = ids;
      let { cursor } = await driver.listAll(bob, null);
      const expectChanged = async (change: () => Promise<unknown>, id: number): Promise<void> => {
        await change();
        const answer = await driver.listAll(bob, cursor);
        cursor = answer.cursor;
        expect(idsOf(answer.entries)).toEqual([id]);
      };
      await expectChanged(() => driver.send(ann, sent), sent);
      await expectChanged(() => driver.touch(touched, 1), touched);
      await expectChanged(() => driver.read(bob, read, 1), read);
      await expectChanged(() => driver.rename(ann, renamed, 'new'), renamed);
      await expectChanged(() => driver.add(ann, joined, bob), joined);
      await expectChanged(() => driver.remove(ann, removed, bob), removed);
      await expectChanged(() => driver.draft(bob, quiet, 'draft', 0), quiet);
      const created = await driver.direct(ann, bob);
      expect(idsOf((await driver.listAll(bob, cursor)).entries)).toEqual([created]);
    });

    it('[CH-3.2] reports nothing more of a conversation after it ended for the user', async () => {
      const { driver } = await open();
      const id = await driver.group(ann, [bob]);
      await driver.leave(bob, id);
      const { cursor } = await driver.listAll(bob, null);
      await driver.send(ann, id);
      await driver.touch(id, 1);
      expect((await driver.listAll(bob, cursor)).entries).toEqual([]);
    });

    it('[CH-4.2] [CH-12] pages changes without missing concurrent ones', async () => {
      const { driver } = await open(lowLimits({ listEntriesMax: 2 }));
      const ids: number[] = [];
      for (let index = 0; index < 5; index += 1) ids.push(await driver.group(ann, [bob]));
      const { cursor } = await driver.store.list(bob, null, 2);
      for (const id of ids) await driver.send(ann, id);
      const first = await driver.store.list(bob, cursor, 2);
      expect(first).toMatchObject({ outcome: 'changed', more: true });
      expect(first.entries).toHaveLength(2);
      await driver.send(ann, ids[0] ?? 0, 'late');
      const rest = await driver.listAll(bob, first.cursor);
      const seen = new Map([...first.entries, ...rest.entries].map((entry) => [entry.conversation, entry]));
      expect(sorted([...seen.keys()])).toEqual(sorted(ids));
      const late = [...rest.entries, ...(await driver.listAll(bob, rest.cursor)).entries];
      expect(late.find((entry) => entry.conversation === ids[0])?.sequence).toBe(3);
    });

    it('[CH-4.2] returns at most listEntriesMax entries, however many were requested', async () => {
      const { driver } = await open(lowLimits({ listEntriesMax: 2 }));
      const ids = [];
      for (let index = 0; index < 3; index += 1) ids.push(await driver.group(ann, [bob]));
      const { cursor } = await driver.listAll(bob, null);
      for (const id of ids) await driver.send(ann, id);
      const changed = await driver.store.list(bob, cursor, 100);
      expect([changed.outcome, changed.entries.length, changed.more]).toEqual(['changed', 2, true]);
      const page = await driver.store.listPage(bob, null, 100);
      expect([page.entries.length, page.more]).toEqual([2, true]);
    });

    it('[CH-12] a page with exactly the requested number of entries tells whether more are left', async () => {
      const { driver } = await open();
      const ids = [await driver.group(ann, [bob]), await driver.group(ann, [bob])];
      const { cursor } = await driver.listAll(bob, null);
      for (const id of ids) await driver.send(ann, id);
      const page = await driver.store.list(bob, cursor, 2);
      expect(page).toMatchObject({ outcome: 'changed', more: false });
      expect(sorted(idsOf(page.entries))).toEqual(ids);
      expect((await driver.store.list(bob, page.cursor, 2)).entries).toEqual([]);
      expect(await driver.store.list(bob, cursor, 1)).toMatchObject({ more: true });
      expect(await driver.store.listPage(bob, null, 2)).toMatchObject({ more: false });
      expect(await driver.store.listPage(bob, null, 1)).toMatchObject({ more: true });
    });

    it('[R12] [CH-15.1] is limited when too much changed, and restarts from the newest', async () => {
      const { driver } = await open(lowLimits({ listChangedMax: 3, bootstrapEntries: 2 }));
      const ids: number[] = [];
      for (let index = 0; index < 4; index += 1) ids.push(await driver.group(ann, [bob]));
      const { cursor } = await driver.listAll(bob, null);
      for (const id of ids.slice(0, 3)) await driver.send(ann, id);
      expect(await driver.store.list(bob, cursor, 100)).toMatchObject({ outcome: 'changed' });
      await driver.send(ann, ids[3] ?? 0);
      const limited = await driver.store.list(bob, cursor, 100);
      expect(limited).toMatchObject({ outcome: 'limited', more: true });
      expect(idsOf(limited.entries)).toEqual([ids[3], ids[2]]);
      expect((await driver.listAll(bob, limited.cursor)).entries).toEqual([]);
    });

    it('[CH-25.1] resets an invalid or a future cursor', async () => {
      const { driver } = await open();
      for (let index = 0; index < 5; index += 1) await driver.group(ann, [bob]);
      const { cursor } = await driver.listAll(bob, null);
      const numbers = ['999999999', 'x1', '-1', '1.5', '', '1'.repeat(16)];
      for (const wrong of [
        '',
        'x',
        '1',
        `${cursor}x`,
        `x${cursor}`,
        ...numbers.map((to) => cursor.replace(/\d+$/, to)),
      ]) {
        expect((await driver.store.list(bob, wrong, 100)).outcome).toBe('reset');
      }
    });

    it('[CH-15.3] pages the list by activity, newest first, each conversation once', async () => {
      const { driver } = await open();
      const ids: number[] = [];
      for (let index = 0; index < 6; index += 1) {
        driver.pass(10);
        ids.push(await driver.group(ann, [bob]));
      }
      await driver.send(ann, ids[1] ?? 0);
      await driver.leave(bob, ids[3] ?? 0);
      const wanted = [ids[3], ids[1], ids[5], ids[4], ids[2], ids[0]];
      const seen: number[] = [];
      let more = true;
      let after = null;
      while (more) {
        const page: Awaited<ReturnType<typeof driver.store.listPage>> = await driver.store.listPage(bob, after, 2);
        seen.push(...idsOf(page.entries));
        const last = page.entries.at(-1);
        after =
          last === undefined ? null : { place: last.place, activity: last.activity, conversation: last.conversation };
        more = page.more;
      }
      expect(seen).toEqual(wanted);
    });

    it('[CH-24] previews the last message of a member and orders equal activity by id', async () => {
      const { driver } = await open();
      const users = [bob, eve];
      const ids = [await driver.group(ann, users), await driver.group(ann, users)];
      const entries = (await driver.listAll(bob, null)).entries;
      expect(entries.map((entry) => entry.preview?.body)).toEqual([
        { kind: 'service', service: { change: 'created', users } },
        { kind: 'service', service: { change: 'created', users } },
      ]);
      expect(sorted(idsOf(entries))).toEqual(ids);
      expect(entries[0]).toMatchObject({
        role: 'member',
        memberCount: 3,
        kind: 'group',
        ended: null,
        peer: null,
        large: false,
      });
    });
  });
}
