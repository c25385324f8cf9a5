import type { Message, SearchAnswer, SearchHas, SearchPosition, SearchRequest, Store, UserId } from '@everywire/chat';
import { parseSearch } from '@everywire/chat';
import { compareSearchPositions, isWanted } from '@everywire/chat/internal';
import { describe, expect, it } from 'vitest';
import { createRandom, type SeededRandom } from './seeded-random.js';
import type { StoreDriver } from './store-driver.js';
import type { OpenStore } from './store-under-test.js';

const everything: SearchRequest = {
  ...{ terms: [], senders: null, places: null, has: [], from: null, until: null, after: null, limit: 20 },
};

/** As somebody types it; names are given as ids. */
function wanted(text: string, more: Partial<SearchRequest> = {}): SearchRequest {
  const parsed = parseSearch(text, 0);
  if (parsed.outcome !== 'search') throw new Error(`${text} was refused: ${parsed.code}`);
  const { terms, has, after, before } = parsed.query;
  return { ...everything, terms, has, from: after, until: before, ...more };
}

/** Asks on until there is nothing further, and holds each answer to the port's words. */
async function searchAll(store: Store, user: UserId, request: SearchRequest): Promise<readonly Message[]> {
  const found: Message[] = [];
  let after: SearchPosition | null = request.after;
  for (let calls = 0; calls < 10_000; calls += 1) {
    const answer: SearchAnswer = await store.search(user, { ...request, after });
    expect(answer.hits.length).toBeLessThanOrEqual(request.limit);
    for (const hit of answer.hits) {
      if (after !== null) expect(compareSearchPositions(after, hit)).toBeLessThan(0);
      if (answer.next !== null) expect(compareSearchPositions(hit, answer.next)).toBeLessThanOrEqual(0);
    }
    found.push(...answer.hits);
    if (answer.next === null) return found;
    if (after !== null) expect(compareSearchPositions(after, answer.next)).toBeLessThan(0);
    after = answer.next;
  }
  throw new Error('a search that never ends');
}

/** Texts of what is found, the newest first. */
async function textsOf(store: Store, user: UserId, request: SearchRequest): Promise<readonly string[]> {
  const found = await searchAll(store, user, request);
  return found.map(({ body }) => (body.kind === 'text' ? body.text : body.kind));
}

/** Search: what is found, and for whom. */
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
    ])('[CH-32] finds %s', async (query, texts) => {
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
      expect(await textsOf(driver.store, 2, wanted(query))).toEqual(texts);
    });

    it('[CH-33] gives the newest first over all conversations, in pages that go on where the last ended', async () => {
      const { driver } = await open();
      const [one, two] = [await driver.group(1, [2]), await driver.group(1, [2])];
      for (let said = 1; said <= 7; said += 1) await driver.send(1, said % 2 === 0 ? one : two, `needle ${said}`);
      const first = await driver.store.search(2, wanted('needle', { limit: 3 }));
      expect(first.hits.map(({ body }) => body.kind === 'text' && body.text)).toEqual([
        ...['needle 7', 'needle 6', 'needle 5'],
      ]);
      expect(await textsOf(driver.store, 2, wanted('needle', { limit: 3, after: first.next }))).toEqual([
        ...['needle 4', 'needle 3', 'needle 2', 'needle 1'],
      ]);
    });

    it('[CH-3] [CH-31] looks only where somebody is a member, and only at what that member may see', async () => {
      const { driver } = await open();
      const [mine, other] = [await driver.group(1, [2, 3]), await driver.group(1, [3])];
      await driver.send(1, other, 'needle elsewhere');
      await driver.send(1, mine, 'needle before');
      await driver.add(1, mine, 4);
      await driver.send(1, mine, 'needle while');
      await driver.remove(1, mine, 4);
      await driver.send(1, mine, 'needle between');
      expect(await textsOf(driver.store, 4, wanted('needle'))).toEqual([]);
      expect(await textsOf(driver.store, 9, wanted('needle'))).toEqual([]);
      await driver.add(1, mine, 4);
      await driver.send(1, mine, 'needle again');
      expect(await textsOf(driver.store, 4, wanted('needle'))).toEqual(['needle again', 'needle while']);
      expect(await textsOf(driver.store, 4, wanted('needle', { places: [{ conversation: other }] }))).toEqual([]);
      expect(await textsOf(driver.store, 2, wanted('needle'))).toHaveLength(4);
    });

    it('finds an edited message by what it says now, and no message that was recalled, cleared or hidden', async () => {
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
      expect(await textsOf(driver.store, 2, wanted('needle'))).toEqual([]);
      expect(await textsOf(driver.store, 1, wanted('needle'))).toEqual(['needle hidden']);
      expect(await textsOf(driver.store, 2, wanted('thread'))).toEqual(['thread now']);
      await driver.do(2, { command: 'clear', conversation: group, sequence: hidden.sequence });
      expect(await textsOf(driver.store, 2, wanted('thread'))).toEqual([]);
      expect(await textsOf(driver.store, 1, wanted('thread'))).toEqual(['thread now']);
    });

    it('goes by sender, place, time and addresses, alone and together', async () => {
      const { driver } = await open();
      const [zoo, direct] = [await driver.group(1, [2], 'The Zoo'), await driver.direct(1, 2)];
      const first = await driver.send(1, zoo, 'see https://example.org/a');
      await driver.send(2, zoo, 'see the lion');
      await driver.send(2, direct, 'see you');
      const find = (more: Partial<SearchRequest>): Promise<readonly string[]> =>
        textsOf(driver.store, 1, { ...everything, ...more });
      expect(await find({ senders: [2] })).toEqual(['see you', 'see the lion']);
      expect(await find({ senders: [2], places: [{ name: 'zoo', peers: [] }] })).toEqual(['see the lion']);
      expect(await find({ places: [{ name: 'nothing', peers: [2] }] })).toEqual(['see you']);
      expect(await find({ has: ['link'] })).toEqual(['see https://example.org/a']);
      expect(await find({ until: first.sentAt + 1 })).toEqual(['see https://example.org/a']);
      expect(await find({ from: first.sentAt + 1, senders: [1] })).toEqual([]);
    });

    it('finds quotes, replies and forwarded messages by their own text', async () => {
      const { driver } = await open();
      const group = await driver.group(1, [2]);
      const root = await driver.send(1, group, 'needle root');
      await driver.do(2, { command: 'send', conversation: group, text: 'quoting', quote: root });
      await driver.do(2, { command: 'send', conversation: group, text: 'needle reply', thread: root });
      await driver.do(2, { command: 'forward', conversation: group, from: group, message: root });
      expect(await textsOf(driver.store, 1, wanted('needle'))).toEqual(['needle root', 'needle reply', 'needle root']);
    });

    it('finds conversations by their name or their other member', async () => {
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
      expect(first).toMatchObject({ entries: [{ conversation: left }], more: true });
      const after = first.entries.map(({ place, activity, conversation }) => ({ place, activity, conversation }))[0];
      const second = await driver.store.findConversations(
        1,
        { name: 'zoo', peers: [] },
        { after: after ?? null, limit: 1 },
      );
      expect(second).toMatchObject({ entries: [{ conversation: zoo }], more: false });
    });

    for (const seed of [1, 2]) {
      it(`answers like one who looks at everything (seed ${seed})`, async () => {
        const { driver } = await open();
        await compareWithPages(driver, createRandom(seed));
      }, 60_000);
    }
  });
}

const users: readonly UserId[] = [1, 2, 3];
const words = ['的', '中国', '国人', 'いち', '한국', 'alpha', 'alphabet', 'beta', 'γάμμα', 'mixed混合', '👍'];

/** Enough messages for full blocks, with edits, recalls and hidings in between; then every search against every page. */
async function compareWithPages(driver: StoreDriver, random: SeededRandom): Promise<void> {
  const groups = [await driver.group(1, [2, 3]), await driver.group(1, [2]), await driver.direct(1, 3)];
  for (let step = 0; step < 700; step += 1) {
    const conversation = random.chance(0.7) ? (groups[0] ?? 0) : random.pick(groups);
    await act(driver, random, conversation);
  }
  for (let round = 0; round < 40; round += 1) {
    const user = random.pick(users);
    const request = randomRequest(random, groups);
    const all = await pagesOf(driver, user, groups);
    const expected = all
      .filter(({ conversation }) => request.places === null || isIn(conversation, request))
      .filter((message) => isWanted(message, request))
      .toSorted(compareSearchPositions);
    expect(await searchAll(driver.store, user, request)).toEqual(expected);
  }
}

function isIn(conversation: number, { places }: SearchRequest): boolean {
  return places?.some((place) => 'conversation' in place && place.conversation === conversation) ?? true;
}

async function act(driver: StoreDriver, random: SeededRandom, conversation: number): Promise<void> {
  const roll = random.next();
  const sequence = 1 + random.below((await driver.entry(1, conversation)).sequence);
  const row = await driver.row(1, conversation, sequence);
  if (roll < 0.9 || row?.body.kind !== 'text' || row.sender !== 1) {
    const text = Array.from({ length: 1 + random.below(4) }, () => random.pick(words)).join(
      random.pick(['', ' ', '，']),
    );
    await driver.send(1, conversation, text);
  } else if (roll < 0.95) {
    const base = row.edited?.modification ?? 0;
    await driver.do(1, { command: 'edit', conversation, message: row, base, text: `edited ${random.pick(words)}` });
  } else if (roll < 0.97) await driver.do(1, { command: 'recall', conversation, message: row });
  else await driver.do(1, { command: 'hide', conversation, messages: [row] });
}

function randomRequest(random: SeededRandom, groups: readonly number[]): SearchRequest {
  const query = Array.from({ length: 1 + random.below(2) }, () => partOf(random, random.pick(words))).join(' ');
  const has: readonly SearchHas[] = random.chance(0.1) ? ['link'] : [];
  return wanted(query, {
    has,
    limit: 1 + random.below(20),
    senders: random.chance(0.3) ? [random.pick(users)] : null,
    places: random.chance(0.3) ? [{ conversation: random.pick(groups) }] : null,
  });
}

/** A beginning of a word, or a piece of what is written without blanks. */
function partOf(random: SeededRandom, word: string): string {
  const characters = [...word];
  const from = /^[a-zγ]/u.test(word) ? 0 : random.below(characters.length);
  return characters.slice(from, from + 1 + random.below(characters.length - from)).join('');
}

async function pagesOf(driver: StoreDriver, user: UserId, groups: readonly number[]): Promise<readonly Message[]> {
  const found: Message[] = [];
  for (const conversation of groups) {
    for (let before = Number.MAX_SAFE_INTEGER; before > 1; ) {
      const anchor = { at: 'before', sequence: before } as const;
      const page = await driver.store.page(user, conversation, { anchor, limit: 100, check: null });
      if (page.outcome !== 'page') break;
      found.push(...page.rows);
      before = page.covers?.[0] ?? 1;
    }
  }
  return found;
}
