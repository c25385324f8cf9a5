import type { Message, SearchHas, SearchRequest, UserId } from '@everywire/chat';
import { compareSearchPositions, isWanted } from '@everywire/chat/internal';
import { describe, expect, it } from 'vitest';
import { everything, searchAll, wanted } from './search-asking.js';
import { createRandom, type SeededRandom } from './seeded-random.js';
import type { StoreDriver } from './store-driver.js';
import type { OpenStore } from './store-under-test.js';

/** Compares searches with a reference that reads every page of every conversation and sorts the matches. */
export function describeStoreSearchReference(open: OpenStore): void {
  describe('search against a reference', () => {
    for (const seed of [1, 2]) {
      it(`returns the same as a full scan (seed ${seed})`, { timeout: 60_000 }, async () => {
        const { driver } = await open();
        await compareWithPages(driver, createRandom(seed));
      });
    }

    it('[CH-33.1] [CH-33.4] of every kind returns all matches over many conversations, each once, newest first', async () => {
      const { driver } = await open();
      const random = createRandom(3);
      const { groups, noon } = await fillMany(driver, random);
      const all = await pagesOf(driver, 2, groups);
      for (const [kind, request] of Object.entries(kindsAt(noon))) {
        const expected = all.filter((message) => isWanted(message, request)).toSorted(compareSearchPositions);
        expect(expected.length > 0, kind).toBe(kind !== 'a miss');
        expect(await searchAll(driver.store, 2, { ...request, limit: 20 }), kind).toEqual(expected);
      }
    }, 60_000);
  });
}

/** Creates more conversations than one call opens with a small budget, one of them with several blocks. */
async function fillMany(
  driver: StoreDriver,
  random: SeededRandom,
): Promise<{ readonly groups: readonly number[]; readonly noon: number }> {
  const groups: number[] = [];
  for (let made = 0; made < 40; made += 1) groups.push(await driver.group(1, [2], `group ${made}`));
  let noon = 0;
  for (let said = 0; said < 500; said += 1) {
    if (said === 250) noon = driver.now;
    const group = random.chance(0.5) ? (groups[0] ?? 0) : random.pick(groups);
    const rare = said % 60 === 7 ? ['世界', '希有'] : [];
    const text = [...rare, random.pick(words), random.pick(words), '的'].join(random.pick(['', ' ']));
    await driver.send(random.pick([1, 2]), group, said % 50 === 0 ? `${text} https://example.org` : text);
  }
  return { groups, noon };
}

/** Returns the kinds of searches named in the bench, and searches by filters only. */
function kindsAt(noon: number): Readonly<Record<string, SearchRequest>> {
  return {
    'a very common character': wanted('的'),
    'a common word of two characters': wanted('中国'),
    'a rare word of two characters': wanted('希有'),
    'a beginning in Latin letters': wanted('alp'),
    kana: wanted('いち'),
    Korean: wanted('한국'),
    mixed: wanted('中国 alpha'),
    'a phrase': wanted('"alpha 的"'),
    'a miss': wanted('龘龘'),
    'a sender': { ...everything, senders: [2] },
    addresses: { ...everything, has: ['link'] },
    'before a time': { ...everything, until: noon },
    'a word before a time': wanted('beta', { until: noon }),
    'after a time': wanted('beta', { from: noon }),
  };
}

const users: readonly UserId[] = [1, 2, 3];
const words = ['的', '中国', '国人', 'いち', '한국', 'alpha', 'alphabet', 'beta', 'γάμμα', 'mixed混合', '👍'];

/** Sends enough messages for full blocks, with edits, recalls and hidden messages, then compares every search with a full scan. */
async function compareWithPages(driver: StoreDriver, random: SeededRandom): Promise<void> {
  const groups = [await driver.group(1, [2, 3]), await driver.group(1, [2]), await driver.direct(1, 3)];
  for (let step = 0; step < 700; step += 1) {
    const conversation = random.chance(0.7) ? (groups[0] ?? 0) : random.pick(groups);
    await act(driver, random, conversation);
  }
  const seen = new Map<UserId, readonly Message[]>();
  for (const user of users) seen.set(user, await pagesOf(driver, user, groups));
  for (let round = 0; round < 40; round += 1) {
    const user = random.pick(users);
    const request = randomRequest(random, groups);
    const expected = (seen.get(user) ?? [])
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

/** Returns a prefix of a word, or a piece of a text without word breaks. */
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
