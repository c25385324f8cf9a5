import type { ConversationId, SearchPosition } from '@everywire/chat';
import { describe, expect, it } from 'vitest';
import type { StoreDriver } from './store-driver.js';
import type { OpenStore } from './store-under-test.js';
import { lowLimits } from './touch-message.js';

const [ann, bob, eve] = [1, 2, 3];

/** Describes the list of followed threads over all conversations. */
export function describeStoreFollowed(open: OpenStore): void {
  describe('followed threads', () => {
    /** Sends a text by ann and a reply by bob. */
    const thread = async (driver: StoreDriver, conversation: ConversationId) => {
      const { sequence, id } = await driver.send(ann, conversation, 'root');
      const reply = (user: number, users: readonly number[] = []) =>
        driver.sendWith(user, conversation, {
          thread: { sequence, id },
          ...(users.length > 0 && { mentions: { users, all: false } }),
        });
      await reply(bob);
      return { root: sequence, id, reply };
    };
    const namesOf = async (driver: StoreDriver, user: number, limit = 20, after: SearchPosition | null = null) => {
      const { threads, next } = await driver.store.threads(user, after, limit);
      return { names: threads.map(({ conversation, root }) => [conversation, root]), next };
    };

    it('[CH-35.1] orders them by their newest replies, whatever the order of conversations and roots', async () => {
      const { driver } = await open();
      const [one, two] = [await driver.group(ann, [bob, eve]), await driver.group(ann, [bob, eve])];
      const old = await thread(driver, one); // root 2
      const other = await thread(driver, two); // root 2
      const young = await thread(driver, one); // root 4
      await driver.send(eve, two, 'outside of all threads');
      expect(await namesOf(driver, ann)).toEqual({
        names: [
          [one, young.root],
          [two, other.root],
          [one, old.root],
        ],
        next: null,
      });
      await old.reply(eve, [bob]);
      await driver.do(bob, { command: 'arrange', conversation: two, place: 'pinned' });
      const { threads } = await driver.store.threads(bob, null, 20);
      expect(threads.map(({ conversation, root }) => [conversation, root])).toEqual([
        [one, old.root],
        [one, young.root],
        [two, other.root],
      ]);
      expect(threads[0]).toMatchObject({
        unread: 1,
        mentions: 1,
        message: { sequence: old.root, replies: 2, body: { text: 'root' } },
        last: { sender: eve, thread: { root: old.root, ordinal: 2 } },
      });
      expect((await namesOf(driver, eve)).names).toEqual([[one, old.root]]);
    });

    it('[CH-35.4] pages them, each thread once', async () => {
      const { driver } = await open();
      const names: (readonly number[])[] = [];
      for (let index = 0; index < 5; index += 1) {
        const group = await driver.group(ann, [bob]);
        names.unshift([group, (await thread(driver, group)).root]);
      }
      const found: (readonly (number | undefined)[])[] = [];
      let after: SearchPosition | null = null;
      let calls = 0;
      do {
        const page: Awaited<ReturnType<typeof namesOf>> = await namesOf(driver, ann, 2, after);
        expect(page.names.length).toBeLessThanOrEqual(2);
        found.push(...page.names);
        after = page.next;
        calls += 1;
      } while (after !== null && calls < 100);
      expect(found).toEqual(names);
    });

    it('[CH-3.1] [CH-35.2] [CH-35.3] respects the periods of the requesting member and what they hid', async () => {
      const { driver } = await open();
      const group = await driver.group(ann, [bob]);
      const { root, id, reply } = await thread(driver, group); // 2, 3
      await driver.add(ann, group, eve); // 4
      expect((await namesOf(driver, eve)).names).toEqual([]);
      const called = await reply(ann, [eve]); // 5
      expect(await driver.store.threads(eve, null, 20)).toMatchObject({
        threads: [{ conversation: group, root, message: null, last: { sequence: called.sequence }, mentions: 1 }],
      });
      await driver.do(bob, { command: 'hide', conversation: group, messages: [{ sequence: 5, id: called.id }] });
      expect(await driver.store.threads(bob, null, 20)).toMatchObject({
        threads: [{ root, message: { id, replies: 2 }, last: { sequence: 3 } }],
      });
      await driver.do(ann, { command: 'hide', conversation: group, messages: [{ sequence: root, id }] });
      expect(await driver.store.threads(ann, null, 20)).toMatchObject({ threads: [{ root, message: null }] });
      await driver.remove(ann, group, eve);
      expect((await namesOf(driver, eve)).names).toEqual([]);
      await driver.do(bob, { command: 'clear', conversation: group, sequence: 1_000 });
      expect((await namesOf(driver, bob)).names).toEqual([]);
    });

    it('[CH-35.1] finds them in large and in dismissed conversations', async () => {
      const { driver } = await open(lowLimits({ smallMembersMax: 2 }));
      const large = await driver.group(ann, [bob, eve]);
      const small = await driver.group(ann, [bob]);
      const [one, two] = [await thread(driver, small), await thread(driver, large)];
      for (const conversation of [large, small]) await driver.do(ann, { command: 'dismiss', conversation });
      expect((await namesOf(driver, ann)).names).toEqual([
        [large, two.root],
        [small, one.root],
      ]);
    });
  });
}
