import type { ConversationId, MessageName } from '@everywire/chat';
import { describe, expect, it } from 'vitest';
import type { StoreDriver } from './store-driver.js';
import type { OpenStore } from './store-under-test.js';
import { lowLimits } from './touch-message.js';

const [ann, bob, eve] = [1, 2, 3];

/** Describes threads: messages of the same log with a root (CH-21). */
export function describeStoreThreads(open: OpenStore): void {
  describe('threads', () => {
    /** Creates a group of all three with a text by ann at sequence 2, the root. */
    const started = async (limits = lowLimits({})) => {
      const { driver } = await open(limits);
      const id: ConversationId = await driver.group(ann, [bob, eve]);
      const { sequence, id: name } = await driver.send(ann, id, 'root');
      const root: MessageName = { sequence, id: name };
      const reply = (user: number, users: readonly number[] = [], thread = root) =>
        driver.sendWith(user, id, users.length === 0 ? { thread } : { thread, mentions: { users, all: false } });
      return { driver, id, root, reply };
    };
    const threadsOf = async (driver: StoreDriver, user: number, id: ConversationId) => {
      const { unread, threads, threadsUnread } = await driver.entry(user, id);
      return [unread, threads.map((thread) => [thread.root, thread.unread, thread.mentions]), threadsUnread];
    };
    const threadPage = async (
      driver: StoreDriver,
      user: number,
      id: ConversationId,
      request: Parameters<StoreDriver['page']>[2],
    ) => {
      const page = await driver.page(user, id, { thread: 2, ...request });
      return [page.rows.map(({ sequence }) => sequence), page.covers];
    };

    it('[CH-6.5] [CH-21.1] numbers the replies of a thread, to whichever of its messages, and touches the root', async () => {
      const { driver, id, root, reply } = await started();
      const first = await reply(bob);
      expect(first).toMatchObject({ sequence: 3, ordinal: 1, modification: 1, thread: { root: 2, ordinal: 1 } });
      const second = await reply(bob, [], { sequence: 3, id: first.id });
      expect(second).toMatchObject({ sequence: 4, thread: { root: 2, ordinal: 2 } });
      await reply(eve);
      const rows = (await driver.page(bob, id)).rows;
      expect(rows.map((row) => [row.sequence, row.thread?.root, row.threadSent, row.replies])).toEqual([
        [1, undefined, undefined, undefined],
        [2, undefined, undefined, 3],
        [3, 2, 1, undefined],
        [4, 2, 2, undefined],
        [5, 2, 1, undefined],
      ]);
      expect(await driver.store.changes(bob, id, 2, 10)).toMatchObject({ rows: [{ sequence: 2, replies: 3 }], to: 3 });
      const service = (await driver.row(ann, id, 1))?.id ?? '';
      expect(
        await driver.code(ann, {
          command: 'send',
          conversation: id,
          text: 'x',
          thread: { sequence: 1, id: service },
        }),
      ).toBe('denied');
      const wrong = { ...root, id: '0'.repeat(16) };
      expect(await driver.code(ann, { command: 'send', conversation: id, text: 'x', thread: wrong })).toBe('not_found');
    });

    it('[CH-21.2] [CH-21.3] [CH-21.4] counts unread replies separately, for the author, repliers and mentioned members', async () => {
      const { driver, id, reply } = await started();
      await reply(bob);
      expect(await threadsOf(driver, ann, id)).toEqual([0, [[2, 1, 0]], 1]);
      expect(await threadsOf(driver, bob, id)).toEqual([1, [], 0]);
      expect(await threadsOf(driver, eve, id)).toEqual([1, [], 0]);
      await reply(ann);
      await reply(ann, [eve]);
      expect(await threadsOf(driver, bob, id)).toEqual([1, [[2, 2, 0]], 2]);
      expect(await threadsOf(driver, eve, id)).toEqual([1, [[2, 1, 1]], 1]);
      expect((await driver.entry(eve, id)).preview?.sequence).toBe(2);
      const before = await driver.entry(bob, id);
      await driver.read(bob, id, 4, 2);
      expect(await threadsOf(driver, bob, id)).toEqual([1, [[2, 1, 0]], 1]);
      expect((await driver.entry(bob, id)).revision).toBe(before.revision + 1);
      await driver.read(bob, id, 1_000, 2);
      expect(await threadsOf(driver, bob, id)).toEqual([1, [], 0]);
      expect(await driver.read(bob, id, 3, 2)).toEqual([]);
      await reply(bob);
      await reply(eve);
      expect(await threadsOf(driver, bob, id)).toEqual([1, [[2, 1, 0]], 1]);
      await driver.read(bob, id, 5);
      expect(await threadsOf(driver, bob, id)).toEqual([0, [[2, 1, 0]], 1]);
    });

    it('[CH-21.3] does not count a hidden reply as unread in its thread', async () => {
      const { driver, id, reply } = await started();
      const { sequence, id: name } = await reply(bob);
      await reply(bob);
      await driver.do(ann, { command: 'hide', conversation: id, messages: [{ sequence, id: name }] });
      expect(await threadsOf(driver, ann, id)).toEqual([0, [[2, 1, 0]], 1]);
    });

    it('[CH-21.2] [CH-21.3] does not count a recalled reply as unread in its thread, nor a reply as unread outside of it', async () => {
      const { driver, id, reply } = await started();
      const { sequence, id: name } = await reply(bob, [ann]);
      await reply(bob);
      expect(await threadsOf(driver, ann, id)).toEqual([0, [[2, 2, 1]], 2]);
      await driver.do(bob, { command: 'recall', conversation: id, message: { sequence, id: name } });
      expect(await threadsOf(driver, ann, id)).toEqual([0, [[2, 1, 0]], 1]);
    });

    it('[CH-21.4] ends a follow with the membership, and restarts the count with the next reply', async () => {
      const { driver, id, reply } = await started();
      await reply(bob);
      await reply(bob);
      await reply(ann);
      await driver.remove(ann, id, bob);
      await driver.add(ann, id, bob);
      await reply(ann);
      expect(await threadsOf(driver, bob, id)).toEqual([0, [], 0]);
      await reply(ann, [bob]);
      expect(await threadsOf(driver, bob, id)).toEqual([0, [[2, 1, 1]], 1]);
      expect(await driver.code(bob, { command: 'send', conversation: id, text: 'x' })).toBe('committed');
    });

    it('[CH-3.1] [CH-21.5] counts the replies within the periods of the requesting member', async () => {
      const { driver, id, reply } = await started();
      await reply(ann); // 3
      await reply(ann); // 4
      await driver.remove(ann, id, bob); // 5
      await reply(ann); // 6
      await driver.add(ann, id, bob); // 7
      await reply(ann); // 8
      const replies = async (user: number) =>
        (await driver.page(user, id)).rows.find((row) => row.sequence === 2)?.replies;
      expect([await replies(ann), await replies(bob)]).toEqual([4, 3]);
      const changes = await driver.store.changes(bob, id, 0, 10);
      expect(changes).toMatchObject({ rows: [{ sequence: 2, replies: 3 }] });
      expect(await threadPage(driver, bob, id, { limit: 30 })).toEqual([
        [2, 3, 4, 8],
        [1, 8],
      ]);
    });

    it('[CH-21.6] pages a thread, each page with its covered range', async () => {
      const { driver, id, reply } = await started();
      for (let round = 0; round < 4; round += 1) {
        await reply(bob); // 3, 5, 7, 9
        await driver.send(ann, id); // 4, 6, 8, 10
      }
      expect(await threadPage(driver, ann, id, { limit: 2 })).toEqual([
        [7, 9],
        [7, 10],
      ]);
      const below = (sequence: number) => ({ anchor: { at: 'before' as const, sequence }, limit: 2 });
      expect(await threadPage(driver, ann, id, below(7))).toEqual([
        [3, 5],
        [3, 6],
      ]);
      expect(await threadPage(driver, ann, id, below(3))).toEqual([[2], [1, 2]]);
      expect(await threadPage(driver, ann, id, below(1))).toEqual([[], null]);
      const above = (sequence: number) => ({ anchor: { at: 'after' as const, sequence }, limit: 2 });
      expect(await threadPage(driver, ann, id, above(0))).toEqual([
        [2, 3],
        [1, 3],
      ]);
      expect(await threadPage(driver, ann, id, above(7))).toEqual([[9], [8, 10]]);
      expect(await threadPage(driver, ann, id, { anchor: { at: 'around', sequence: 5 }, limit: 4 })).toEqual([
        [3, 5, 7, 9],
        [3, 9],
      ]);
    });

    it('[CH-4.4] limits the followed threads, evicting the one with the oldest root', async () => {
      const { driver, id } = await started(lowLimits({ followsMax: 2, entryThreadsMax: 1 }));
      for (let index = 0; index < 3; index += 1) {
        const { sequence, id: name } = await driver.send(ann, id);
        await driver.sendWith(bob, id, { thread: { sequence, id: name } });
      }
      expect(await threadsOf(driver, ann, id)).toEqual([0, [[7, 1, 0]], 2]);
    });
  });
}
