import {
  type ConversationId,
  type ConversationsAnswer,
  chatLimits,
  type ListPosition,
  type MessageName,
  type SearchRequest,
  type Store,
  type UserId,
} from '@everywire/chat';
import { compareListPositions } from '@everywire/chat/internal';
import { describe, expect, it } from 'vitest';
import { everything, foundTexts, wanted } from './search-asking.js';
import type { OpenStore } from './store-under-test.js';

/** Describes searches: which messages are found, and by whom. */
export function describeStoreSearch(open: OpenStore): void {
  describe('search', () => {
    it.each([
      ['汉', ['说汉字', '汉字']],
      ['汉字', ['说汉字', '汉字']],
      ['爸爸', ['爸爸，你好']],
      ['いち', ['いちご']],
      ['ｶﾀｶﾅ', ['カタカナ']],
      ['한국', ['대한한국']],
      ['국', ['대한한국']],
      ['hello世', ['say Hello世界']],
      ['HEL', ['say Hello世界', 'ｈｅｌｌｏ there']],
      ['ello', []],
      ['"hel"', []],
      ['"hello there"', ['ｈｅｌｌｏ there']],
      ['there hello', ['ｈｅｌｌｏ there']],
      ['字汉', []],
      ['👍', ['好👍🏽']],
      ['c++', ['C++ and more']],
      ['𠮷', ['𠮷野家']],
      ['ไทย', ['ภาษาไทย']],
    ])('[CH-32.1] [CH-32.2] [CH-32.3] [CH-32.4] finds %s', async (query, texts) => {
      const { driver } = await open();
      const group = await driver.group(1, [2]);
      const said = [
        '汉字',
        '爸爸，你好',
        'いちご',
        'カタカナ',
        '대한한국',
        'ｈｅｌｌｏ there',
        'say Hello世界',
        'shell',
      ];
      for (const text of [...said, '好👍🏽', 'C++ and more', '𠮷野家', 'ภาษาไทย', '说汉字'])
        await driver.send(1, group, text);
      expect(await foundTexts(driver.store, 2, wanted(query))).toEqual(texts);
    });

    it('[CH-33.1] [CH-33.4] returns the newest first over all conversations, in pages that continue each other', async () => {
      const { driver } = await open();
      const [one, two] = [await driver.group(1, [2]), await driver.group(1, [2])];
      for (let said = 1; said <= 7; said += 1) await driver.send(1, said % 2 === 0 ? one : two, `needle ${said}`);
      const first = await driver.store.search(2, wanted('needle', { limit: 3 }));
      expect(first.hits.map(({ body }) => body.kind === 'text' && body.text)).toEqual([
        ...['needle 7', 'needle 6', 'needle 5'],
      ]);
      expect(await foundTexts(driver.store, 2, wanted('needle', { limit: 3, after: first.next }))).toEqual([
        ...['needle 4', 'needle 3', 'needle 2', 'needle 1'],
      ]);
    });

    it('[CH-3.1] [CH-3.3] [CH-31.1] searches only conversations of the member, and only what the member may see', async () => {
      const { driver } = await open();
      const [joined, other] = [await driver.group(1, [2, 3]), await driver.group(1, [3])];
      await driver.send(1, other, 'needle elsewhere');
      await driver.send(1, joined, 'needle before');
      await driver.add(1, joined, 4);
      await driver.send(1, joined, 'needle while');
      await driver.remove(1, joined, 4);
      await driver.send(1, joined, 'needle between');
      expect(await foundTexts(driver.store, 4, wanted('needle'))).toEqual([]);
      expect(await foundTexts(driver.store, 9, wanted('needle'))).toEqual([]);
      await driver.add(1, joined, 4);
      await driver.send(1, joined, 'needle again');
      expect(await foundTexts(driver.store, 4, wanted('needle'))).toEqual(['needle again', 'needle while']);
      expect(await foundTexts(driver.store, 4, wanted('needle', { places: [{ conversation: other }] }))).toEqual([]);
      expect(await foundTexts(driver.store, 2, wanted('needle'))).toHaveLength(4);
    });

    it('[CH-31.1] [CH-31.2] finds an edited message by its current text, and no recalled, cleared or hidden message', async () => {
      const { driver } = await open();
      const group = await driver.group(1, [2]);
      const [edited, recalled, hidden] = [
        await driver.send(1, group, 'needle old'),
        await driver.send(1, group, 'needle recalled'),
        await driver.send(1, group, 'needle hidden'),
      ];
      await driver.do(1, { command: 'edit', conversation: group, message: edited, base: 0, text: 'thread now' });
      await driver.do(1, { command: 'recall', conversation: group, message: recalled });
      await driver.do(2, { command: 'hide', conversation: group, messages: [hidden] });
      expect(await foundTexts(driver.store, 2, wanted('needle'))).toEqual([]);
      expect(await foundTexts(driver.store, 1, wanted('needle'))).toEqual(['needle hidden']);
      expect(await foundTexts(driver.store, 2, wanted('thread'))).toEqual(['thread now']);
      await driver.do(2, { command: 'clear', conversation: group, sequence: hidden.sequence });
      expect(await foundTexts(driver.store, 2, wanted('thread'))).toEqual([]);
      expect(await foundTexts(driver.store, 1, wanted('thread'))).toEqual(['thread now']);
    });

    it('[CH-3.1] [CH-33.7] continues with messages that are still visible, and with none that were removed meanwhile', async () => {
      const { driver } = await open();
      const groups = [await driver.group(1, [2]), await driver.group(1, [2]), await driver.group(1, [2])];
      const said: MessageName[] = [];
      for (let round = 0; round < 12; round += 1)
        said.push(await driver.send(1, groups[round % 3] ?? 0, `needle ${round}`));
      const [kept = 0, left = 0, cleared = 0] = groups;
      const first = await driver.store.search(2, wanted('needle', { limit: 2 }));
      expect(first.hits).toHaveLength(2);
      await driver.remove(1, left, 2);
      await driver.do(2, { command: 'clear', conversation: cleared, sequence: said[11]?.sequence ?? 0 });
      await driver.do(1, { command: 'recall', conversation: kept, message: said[9] ?? fail() });
      await driver.do(2, { command: 'hide', conversation: kept, messages: [said[6] ?? fail()] });
      const edited = { message: said[3] ?? fail(), base: 0, text: 'thread' };
      await driver.do(1, { command: 'edit', conversation: kept, ...edited });
      const rest = await foundTexts(driver.store, 2, wanted('needle', { limit: 2, after: first.next }));
      expect(rest).toEqual(['needle 0']);
    });

    it('[CH-30.2] [CH-31.1] finds messages of a blocked person, because they stay readable', async () => {
      const { driver } = await open();
      const [group, direct] = [await driver.group(1, [2]), await driver.direct(1, 2)];
      await driver.send(2, group, 'needle in the group');
      await driver.send(2, direct, 'needle between us');
      await driver.do(1, { command: 'block', user: 2, blocked: true });
      for (const user of [1, 2])
        expect(await foundTexts(driver.store, user, wanted('needle'))).toEqual([
          'needle between us',
          'needle in the group',
        ]);
    });

    it('[CH-31.1] searches large groups and channels like small ones', async () => {
      const { driver } = await open({ ...chatLimits, smallMembersMax: 2 });
      const large = await driver.group(1, [2, 3, 4]);
      await driver.send(1, large, 'needle before');
      await driver.remove(1, large, 3);
      await driver.send(1, large, 'needle after');
      expect(await foundTexts(driver.store, 2, wanted('needle'))).toEqual(['needle after', 'needle before']);
      expect(await foundTexts(driver.store, 3, wanted('needle'))).toEqual([]);
      expect(
        await foundTexts(driver.store, 2, wanted('needle', { after: { sentAt: 9e12, conversation: 1, sequence: 1 } })),
      ).toHaveLength(2);
    });

    it('[CH-34.4] filters by sender, place, time and addresses, alone and combined', async () => {
      const { driver } = await open();
      const [zoo, direct] = [await driver.group(1, [2], 'The Zoo'), await driver.direct(1, 2)];
      const first = await driver.send(1, zoo, 'see https://example.org/a');
      await driver.send(2, zoo, 'see the lion');
      await driver.send(2, direct, 'see you');
      const find = (more: Partial<SearchRequest>): Promise<readonly string[]> =>
        foundTexts(driver.store, 1, { ...everything, ...more });
      expect(await find({ senders: [2] })).toEqual(['see you', 'see the lion']);
      expect(await find({ senders: [2], places: [{ name: 'zoo', peers: [] }] })).toEqual(['see the lion']);
      expect(await find({ places: [{ name: 'nothing', peers: [2] }] })).toEqual(['see you']);
      expect(await find({ senders: [1, 2] })).toHaveLength(3);
      const [inZoo, withBob] = [
        { name: 'zoo', peers: [] },
        { name: 'nothing', peers: [2] },
      ];
      expect(await find({ places: [inZoo, withBob] })).toHaveLength(3);
      expect(await find({ has: ['link', 'file'] })).toEqual([]);
      expect(await find({ has: ['link'] })).toEqual(['see https://example.org/a']);
      expect(await find({ until: first.sentAt + 1 })).toEqual(['see https://example.org/a']);
      expect(await find({ from: first.sentAt + 1, senders: [1] })).toEqual([]);
    });

    it('[CH-31.2] finds quotes, replies and forwarded messages by their own text', async () => {
      const { driver } = await open();
      const group = await driver.group(1, [2]);
      const root = await driver.send(1, group, 'needle root');
      await driver.do(2, { command: 'send', conversation: group, text: 'quoting', quote: root });
      await driver.do(2, { command: 'send', conversation: group, text: 'needle reply', thread: root });
      await driver.do(2, { command: 'forward', conversation: group, from: group, message: root });
      expect(await foundTexts(driver.store, 1, wanted('needle'))).toEqual([
        'needle root',
        'needle reply',
        'needle root',
      ]);
    });

    it('[CH-33.9] finds conversations by their name or their other member', async () => {
      const { driver } = await open();
      const zoo = await driver.group(1, [2, 3], 'Ｚoo 动物园');
      await driver.group(1, [2], 'office');
      const direct = await driver.direct(1, 2);
      const left = await driver.group(1, [2, 3], 'zoo of old');
      await driver.remove(1, left, 3);
      const find = async (user: UserId, name: string, peers: readonly UserId[] = []): Promise<readonly number[]> => {
        const answer = await driver.store.findConversations(user, { name, peers }, { after: null, limit: 20 });
        return answer.entries.map(({ conversation }) => conversation);
      };
      expect(await find(1, 'zoo')).toEqual([left, zoo]);
      expect(await find(3, 'zoo')).toEqual([zoo]);
      expect(await find(1, '动')).toEqual([zoo]);
      expect(await find(1, 'ann', [2])).toEqual([direct]);
      const first = await driver.store.findConversations(1, { name: 'o', peers: [] }, { after: null, limit: 1 });
      expect(first).toMatchObject({ entries: [{ conversation: left }], next: { conversation: left } });
      const zoos = { name: 'zoo', peers: [] };
      const second = await driver.store.findConversations(1, zoos, { after: first.next, limit: 1 });
      expect(second).toMatchObject({ entries: [{ conversation: zoo }], next: null });
    });

    it('[CH-33.9] continues through a long list of conversations, each answer further, and finds all matches', async () => {
      const { driver } = await open();
      const wanted: number[] = [];
      for (let index = 0; index < 200; index += 1) {
        const isWanted = index % 70 === 0;
        const id = await driver.group(1, [2], isWanted ? `Needle ${index}` : `Hay ${index}`);
        if (isWanted) wanted.unshift(id);
      }
      expect(await placesOf(driver.store, 1, 'needle')).toEqual(wanted);
      expect(await placesOf(driver.store, 1, 'nowhere')).toEqual([]);
    });
  });
}

/** Collects the matching conversations, two per answer; each answer must advance. */
async function placesOf(store: Store, user: UserId, name: string): Promise<readonly ConversationId[]> {
  const found: ConversationId[] = [];
  for (let after: ListPosition | null = null; ; ) {
    const { entries, next }: ConversationsAnswer = await store.findConversations(
      user,
      { name, peers: [] },
      { after, limit: 2 },
    );
    expect(entries.length).toBeLessThanOrEqual(2);
    found.push(...entries.map(({ conversation }) => conversation));
    if (next === null) return found;
    if (after !== null) expect(compareListPositions(after, next)).toBeLessThan(0);
    after = next;
  }
}

function fail(): never {
  throw new Error('nothing was said');
}
