import type { ConversationId, Message, SearchAnswer, UserId } from '@everywire/chat';
import { describe, expect, it } from 'vitest';
import { searchAll, wanted } from './search-asking.js';
import type { StoreDriver } from './store-driver.js';
import type { OpenStore } from './store-under-test.js';

const ANN: UserId = 1;
const BOB: UserId = 2;

/** Describes one search over conversations that the user joins, leaves or clears between two answers (CH-33). */
export function describeStoreSearchMoves(open: OpenStore): void {
  describe('a search goes on', () => {
    it.each([0, 1, 3, 5, 7, 9, 11, 13, 15])(
      '[CH-3.1] [CH-33.7] where conversations were joined, left and cleared after %i hits',
      async (count) => {
        const { driver } = await open();
        const place = await fill(driver);
        const atFirst = await searchAll(driver.store, BOB, wanted('needle'));
        const { hits, next } = await searchUntil(driver, count);
        expect(next).not.toBeNull();
        await move(driver, place);
        const rest = await searchAll(driver.store, BOB, wanted('needle', { limit: 2, after: next }));

        const all = [...hits, ...rest].map(nameOf);
        expect(new Set(all).size).toBe(all.length);
        // Unchanged conversations appear once; earlier results stay.
        const still = (message: Message): boolean => [place.kept, place.direct].includes(message.conversation);
        expect([...hits, ...rest].filter(still).map(nameOf)).toEqual(atFirst.filter(still).map(nameOf));
        // Joined, left and cleared conversations yield nothing, nor do messages sent since or while the user was away.
        const known = new Set(atFirst.map(nameOf));
        expect(rest.filter((message) => !known.has(nameOf(message)))).toEqual([]);
        const silent = [place.joined, place.left, place.cleared];
        expect(rest.filter(({ conversation }) => silent.includes(conversation))).toEqual([]);
      },
    );

    it('[CH-33.8] when restarted, with conversations joined since, but without messages sent while the user was away', async () => {
      const { driver } = await open();
      const place = await fill(driver);
      await searchUntil(driver, 4);
      await move(driver, place);
      const found = await searchAll(driver.store, BOB, wanted('needle'));
      const texts = (conversation: ConversationId): readonly string[] =>
        found.filter((message) => message.conversation === conversation).map(textOf);
      expect(texts(place.joined)).toEqual(['needle since']);
      expect(texts(place.left)).toEqual([]);
      expect(texts(place.cleared)).toEqual(['needle since']);
      expect(texts(place.back)).toEqual(['needle since', 'needle 3', 'needle 2', 'needle 1', 'needle 0']);
    });
  });
}

interface Place {
  readonly kept: ConversationId;
  readonly left: ConversationId;
  readonly cleared: ConversationId;
  /** A conversation that Bob joins later. */
  readonly joined: ConversationId;
  /** A conversation that Bob is removed from and returns to. */
  readonly back: ConversationId;
  readonly direct: ConversationId;
}

async function fill(driver: StoreDriver): Promise<Place> {
  const place: Place = {
    kept: await driver.group(ANN, [BOB]),
    left: await driver.group(ANN, [BOB]),
    cleared: await driver.group(ANN, [BOB]),
    joined: await driver.group(ANN, [3]),
    back: await driver.group(ANN, [BOB]),
    direct: await driver.direct(ANN, BOB),
  };
  // The order changes each round, so that pending results come from different conversations.
  const all = Object.values(place);
  for (let round = 0; round < 4; round += 1) {
    for (const conversation of [...all.slice(round + 1), ...all.slice(0, round + 1)])
      await driver.send(ANN, conversation, `needle ${round}`);
  }
  return place;
}

async function move(driver: StoreDriver, { kept, left, cleared, joined, back }: Place): Promise<void> {
  await driver.remove(ANN, left, BOB);
  const { sequence } = await driver.entry(BOB, cleared);
  await driver.do(BOB, { command: 'clear', conversation: cleared, sequence });
  await driver.add(ANN, joined, BOB);
  await driver.remove(ANN, back, BOB);
  await driver.send(ANN, back, 'needle between');
  await driver.add(ANN, back, BOB);
  for (const conversation of [kept, left, cleared, joined, back]) await driver.send(ANN, conversation, 'needle since');
}

/** Continues a search until `count` hits were returned; requests at least one answer. */
async function searchUntil(driver: StoreDriver, count: number): Promise<Pick<SearchAnswer, 'hits' | 'next'>> {
  const hits: Message[] = [];
  let next: SearchAnswer['next'] = null;
  do {
    const answer: SearchAnswer = await driver.store.search(BOB, wanted('needle', { limit: 2, after: next }));
    hits.push(...answer.hits);
    next = answer.next;
  } while (hits.length < count && next !== null);
  return { hits, next };
}

function nameOf({ conversation, sequence }: Message): string {
  return `${conversation}/${sequence}`;
}

function textOf({ body }: Message): string {
  return body.kind === 'text' ? body.text : body.kind;
}
