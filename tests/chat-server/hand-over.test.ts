import { chatLimits } from '@everywire/chat';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type TestPerson, TestPlace } from './test-place.js';
import type { TestSession } from './test-session.js';

/* Another server takes over the sessions of this one: each session's state is preserved. */

let place: TestPlace;
let ann: TestPerson;
let ben: TestPerson;
let annSession: TestSession;
let benSession: TestSession;
let conversation: number;

beforeEach(async () => {
  place = await TestPlace.start({ limits: { profilesSeenMax: 1 } });
  [ann, ben] = [await place.register('ann'), await place.register('ben')];
  [annSession, benSession] = [await place.connect(ann), await place.connect(ben, 'long-poll')];
  const users = [ben.id];
  ({ conversation } = await annSession.ok({ command: 'createGroup', name: 'Reading', users }));
});

afterEach(() => place.stop());

test('[SN-24] a session that was taken over keeps its open conversations, watched presence and profiles', async () => {
  await annSession.ok({ command: 'watch', conversations: [conversation] });
  await benSession.ok({ command: 'present', active: true });
  const { presence } = await annSession.ok({ command: 'watchPresence', users: [ben.id] });
  expect(presence).toMatchObject([{ user: ben.id, state: 'online' }]);
  await annSession.ok({ command: 'people', ids: [ben.id] });

  expect(await place.replaceServer()).toBe(2);

  const other = await place.connect(ann);
  const again = await other.ok({ command: 'watchPresence', users: [ben.id] });
  expect(again.presence).toMatchObject([{ user: ben.id, state: 'online' }]);
  await benSession.ok({ command: 'typing', conversation, typing: true });
  expect((await annSession.event('typing')).user).toBe(ben.id);
  await benSession.ok({ command: 'present', active: false });
  expect((await annSession.event('presence')).presence).toMatchObject({ user: ben.id, state: 'away' });
  await place.rest('PATCH', '/api/me', { displayName: 'Benjamin' }, ben.token);
  expect((await annSession.event('profile')).profile.displayName).toBe('Benjamin');
  // Watching ends cleanly after the take-over: the session still knows what it watched. A profile event may still
  // arrive.
  await annSession.ok({ command: 'people', ids: [ann.id] });
  await annSession.ok({ command: 'watchPresence', users: [] });
  await annSession.ok({ command: 'watch', conversations: [] });
  annSession.events.length = 0;
  await benSession.ok({ command: 'present', active: true });
  await benSession.ok({ command: 'typing', conversation, typing: true });
  await other.ok({ command: 'people', ids: [ben.id] });
  await place.rest('PATCH', '/api/me', { displayName: 'Benedict' }, ben.token);
  await other.event('profile', ({ profile }) => profile.displayName === 'Benedict');
  await annSession.settle();
  expect(annSession.events).toEqual([]);
});

test('[CH-16] a commit made while no server had the sessions causes a resync', async () => {
  await place.replaceServer(async (sessions) => {
    const said = await place.rest('POST', '/api/commands/send', send('meanwhile'), ben.token);
    expect(said.status).toBe(200);
    return sessions;
  });
  expect((await annSession.event('resync')).withinMs).toBeGreaterThan(0);
  await benSession.ok({ command: 'send', conversation, text: 'afterwards' });
  const { event } = await annSession.event('commit', ({ row }) => JSON.stringify(row).includes('afterwards'));
  expect(event).toBe('commit');
});

test('[CH-35] a session whose access ended during the take-over ends with revoked', async () => {
  await place.replaceServer(async (sessions) => {
    await place.rest('POST', '/api/logout', undefined, ben.token);
    return sessions;
  });
  expect(await benSession.closed).toBe('revoked');
  await annSession.settle();
});

test('a session that waits for its rate limit does not delay the take-over, and gets its answer', async () => {
  await place.stop();
  place = await TestPlace.start({ limits: { commandsAtOnce: 1, commandRefillMs: 60_000 } });
  annSession = await place.connect(await place.register('ann'));
  await annSession.settle();
  const waiting = annSession.settle();
  // The waiting command was sent before this request.
  await place.rest('GET', '/healthz');
  expect(await place.replaceServer()).toBe(1);
  await waiting;
});

test('a session that was taken over keeps its sign-in in use', async () => {
  const dayMs = 86_400_000;
  let days = 0;
  const wallNow = (): number => Date.now() + days * dayMs;
  await place.stop();
  place = await TestPlace.start({ wallNow, limits: { credentialUseMs: 50 } });
  ann = await place.register('ann');
  annSession = await place.connect(ann);
  await place.replaceServer();
  const me = (): Promise<Response> => place.rest('GET', '/api/me', undefined, ann.token);
  for (let count = 0; count < 2; count += 1) {
    days += chatLimits.credentialDays - 10;
    const since = wallNow();
    const used = place.store.useCredential;
    await new Promise<void>((resolve) => {
      place.store.useCredential = async (...credential) => {
        const answer = await used.apply(place.store, credential);
        // A check that began before the clock was advanced does not count.
        if (credential[1] >= since) resolve();
        return answer;
      };
    });
    place.store.useCredential = used;
  }
  expect((await me()).status).toBe(200);
});

test('[CH-26.1] sessions continue where another database server took over during the hand-over', async () => {
  const { store } = place;
  const before = await store.epoch();
  store.epoch = async () => `${before.slice(1)}0`;
  expect(await place.replaceServer()).toBe(2);
  await annSession.settle();
});

test.each([
  ['another store', (head: object) => ({ ...head, epoch: 'of another store' })],
  ['another release', (head: object) => ({ ...head, format: 'everywire-chat-0' })],
])('sessions of %s are not taken over, and their clients get `lost`', async (_name, change) => {
  const restored = await place.replaceServer(async ([head = '', ...sessions]) => [
    JSON.stringify(change(JSON.parse(head))),
    ...sessions,
  ]);
  expect(restored).toBe(0);
  expect(await annSession.closed).toBe('lost');
  expect(place.lines.some((line) => line.includes('are lost'))).toBe(true);
});

/** The fields of a `send` command, always with the same command id. */
function send(text: string): object {
  return { id: '0123456789abcdef0123456789abcdef', conversation, text };
}
