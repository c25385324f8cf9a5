import { chatLimits } from '@everywire/chat';
import { afterEach, expect, test } from 'vitest';
import { type TestPerson, TestPlace } from './test-place.js';
import type { TestSession } from './test-session.js';

// A session subscribes to topics for the people and conversations that it shows. The number of subscriptions is limited.

let place: TestPlace;
afterEach(() => place.stop());

/** Queries `count` people from the id `first` on, in requests of 100. Unused ids are subscribed to like those of people. */
async function lookAt(session: TestSession, first: number, count: number): Promise<void> {
  for (let from = first; from < first + count; from += 100) {
    const ids = Array.from({ length: Math.min(100, first + count - from) }, (_, index) => from + index);
    await session.ok({ command: 'people', ids });
  }
}

/** Creates this many groups. */
async function watchedConversations(session: TestSession, count: number): Promise<readonly number[]> {
  const made: number[] = [];
  while (made.length < count) {
    const { conversation } = await session.ok({ command: 'createGroup', name: 'g', users: [] });
    made.push(conversation);
  }
  return made;
}

/** Fills all subscriptions of a session twice, to the limits, so that nothing of the first set can remain. */
async function fillTwice(session: TestSession, people: number, watched: number, looking: number): Promise<void> {
  const conversations = await watchedConversations(session, 2 * watched);
  for (const round of [0, 1]) {
    const first = 10_000 + round * 10_000;
    const users = Array.from({ length: looking }, (_, index) => first + index);
    expect(await session.code({ command: 'watchPresence', users })).toBe('ok');
    await lookAt(session, first, people);
    const chosen = conversations.slice(round * watched, (round + 1) * watched);
    expect(await session.code({ command: 'watch', conversations: chosen })).toBe('ok');
  }
}

/** Starts a server and returns Ann and a session of Bob. */
async function pair(options: Parameters<typeof TestPlace.start>[0] = {}): Promise<[TestPerson, TestSession]> {
  place = await TestPlace.start(options);
  const ann = await place.register('ann');
  return [ann, await place.connect(await place.register('bob'))];
}

test('a session that uses all of its subscription limits at the same time is refused nothing', async () => {
  const [ann, session] = await pair();
  await fillTwice(session, 1_000, 8, 200);
  // One request above the limit evicts the people requested first.
  await lookAt(session, ann.id, 100);
  expect(await session.code({ command: 'watchPresence', users: [ann.id] })).toBe('ok');
  await place.rest('PATCH', '/api/me', { displayName: 'Anna' }, ann.token);
  expect((await session.event('profile')).profile.displayName).toBe('Anna');
  expect(place.lines.filter((line) => line.includes('failed'))).toEqual([]);
});

test('the topics of a session follow its subscription limits, lowered or raised', async () => {
  const [, session] = await pair({
    limits: { profilesSeenMax: 1_500 },
    chatLimits: { ...chatLimits, watchedConversationsMax: 3, watchedUsersMax: 400 },
  });
  await fillTwice(session, 1_500, 3, 400);
  expect(place.lines.filter((line) => line.includes('failed'))).toEqual([]);
});

test('a topic limit that the embedding program sets too low for the chat is raised to the needed value', async () => {
  const [, session] = await pair({
    limits: { profilesSeenMax: 10 },
    chatLimits: { ...chatLimits, watchedConversationsMax: 2, watchedUsersMax: 5 },
    wire: { limits: { topicsPerSessionMax: 3 } },
  });
  await fillTwice(session, 10, 2, 5);
});
