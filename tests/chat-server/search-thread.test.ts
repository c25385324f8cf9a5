import { randomBytes } from 'node:crypto';
import { StoreError } from '@everywire/chat';
import { afterEach, expect, test, vi } from 'vitest';
import { TestPlace } from './test-place.js';
import type { Asked } from './test-session.js';

let place: TestPlace;
afterEach(async () => {
  vi.restoreAllMocks();
  await place.stop();
});

test('joining and leaving a group do not make the search thread scan accounts', async () => {
  place = await TestPlace.start();
  const [ann, bob, guest] = [await place.register('ann'), await place.register('bob'), await place.register('carl')];
  const [a, b] = [await place.connect(ann), await place.connect(bob)];
  const { conversation } = await a.ok({ command: 'createGroup', name: 'g', users: [guest.id] });
  const secret = randomBytes(16).toString('hex');
  await a.ok({ command: 'createInvite', conversation, secret, expiresAt: null, usesMax: null });
  const searched = vi.spyOn(place.store, 'searchUsers');
  const looked = vi.spyOn(place.store, 'users');
  expect(await b.code({ command: 'join', conversation: 999_999, secret })).toBe('not_found');
  expect(await b.code({ command: 'join', conversation, secret: randomBytes(16).toString('hex') })).toBe('not_found');
  expect(await b.code({ command: 'leave', conversation: 999_999 })).toBe('not_found');
  expect(looked).not.toHaveBeenCalled();
  await b.ok({ command: 'join', conversation, secret });
  await b.ok({ command: 'leave', conversation });
  // Leaving hands the groups on.
  await a.ok({ command: 'leave', conversation });
  expect(searched).not.toHaveBeenCalled();
  expect((await place.store.entry(guest.id, conversation)).entry?.role).toBe('owner');
});

test('a search that is answered busy does not count against the rate limit', async () => {
  place = await TestPlace.start({ limits: { searchesAtOnce: 1, searchRefillMs: 3_600_000 } });
  const searches: readonly [keyof TestPlace['store'], Asked][] = [
    ['search', { command: 'search', text: 'x', zone: 0, conversation: null, after: null }],
    ['findConversations', { command: 'findConversations', query: 'x', after: null }],
    ['threads', { command: 'threads', after: null }],
    ['searchUsers', { command: 'findPeople', query: 'x', after: null }],
  ];
  for (const [index, [method, asked]] of searches.entries()) {
    const session = await place.connect(await place.register(`ann-${index}`));
    vi.spyOn(place.store, method as 'search').mockRejectedValueOnce(new StoreError('busy', 'Too many searches wait.'));
    expect([await session.code(asked), await session.code(asked), await session.code(asked)]).toEqual([
      ...['busy', 'ok', 'rate_limited'],
    ]);
  }
});
