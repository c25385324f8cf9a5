import { createMemoryBroker } from '@everywire/broker-memory';
import { chatLimits } from '@everywire/chat';
import { afterEach, expect, test } from 'vitest';
import { type TestPerson, TestPlace } from './test-place.js';
import type { TestSession } from './test-session.js';

const places: TestPlace[] = [];
afterEach(async () => {
  for (const place of places.splice(0)) await place.stop();
});

interface Group {
  readonly place: TestPlace;
  readonly people: readonly TestPerson[];
  readonly sessions: readonly TestSession[];
  readonly conversation: number;
}

/** Starts a group of three people with one session each; the first is its owner. */
async function group(options?: Parameters<typeof TestPlace.start>[0]): Promise<Group> {
  const place = await TestPlace.start(options);
  places.push(place);
  const people: TestPerson[] = [];
  for (const name of ['ada', 'bob', 'eve']) people.push(await place.register(name));
  const sessions = await Promise.all(people.map((person) => place.connect(person)));
  const users = people.slice(1).map((person) => person.id);
  const { conversation } = await first(sessions).ok({ command: 'createGroup', name: 'Reading', users });
  return { place, people, sessions, conversation };
}

function first<Item>(items: readonly Item[]): Item {
  return at(items, 0);
}

function at<Item>(items: readonly Item[], index: number): Item {
  const item = items[index];
  if (item === undefined) throw new Error(`there is no item ${index}`);
  return item;
}

const kinds = (session: TestSession): string[] => session.events.map((event) => event.event);

test('[CH-23.2] [CM-12.1] receipts of a group are batched and sent only to members who have it open', async () => {
  const { people, sessions, conversation } = await group();
  const [a, b, e] = sessions as [TestSession, TestSession, TestSession];
  await a.ok({ command: 'watch', conversations: [conversation] });
  const { sequence } = await a.ok({ command: 'send', conversation, text: 'one' });
  await b.ok({ command: 'delivered', conversation, sequence: sequence - 1 });
  await b.ok({ command: 'read', conversation, sequence });
  const { receipt } = await a.event('receipt');
  const readAt = expect.any(Number);
  const reached = { shown: sequence, shownAt: readAt, delivered: sequence, deliveredAt: readAt };
  expect(receipt).toEqual({ user: at(people, 1).id, ...reached, from: 1 });
  await e.settle();
  expect(kinds(a).filter((kind) => kind === 'receipt')).toHaveLength(1);
  expect([...kinds(b), ...kinds(e)]).not.toContain('receipt');
  const readers = await a.ok({ command: 'readers', conversation, sequence });
  expect(readers).toMatchObject({ outcome: 'receipts', receipts: [{}, { shown: sequence }, {}] });
});

test('[CH-23] [CM-9] [pain 13] a device that reports each message separately is rate limited', async () => {
  const { sessions, conversation } = await group();
  const b = at(sessions, 1);
  const codes = await Promise.all([1, 1, 1].map((sequence) => b.code({ command: 'read', conversation, sequence })));
  expect(codes).toEqual(['ok', 'ok', 'rate_limited']);
});

test('[CM-12.2] in a direct conversation each side learns from its own entry how far the other has read', async () => {
  const { people, sessions } = await group();
  const [a, b] = sessions as [TestSession, TestSession];
  const { conversation } = await a.ok({ command: 'createDirect', peer: at(people, 1).id });
  const { sequence } = await a.ok({ command: 'send', conversation, text: 'hi' });
  await b.ok({ command: 'read', conversation, sequence });
  await a.event('own', (event) => event.conversation === conversation);
  const { entry } = await a.ok({ command: 'entry', conversation });
  expect(entry?.peer).toMatchObject({ user: at(people, 1).id, shown: sequence });
});

test('[pain also-1] a message written to a socket is not delivered until the device confirms it', async () => {
  const { people, sessions } = await group();
  const [a, b] = sessions as [TestSession, TestSession];
  const { conversation } = await a.ok({ command: 'createDirect', peer: at(people, 1).id });
  const { sequence } = await a.ok({ command: 'send', conversation, text: 'hi' });
  await b.event('commit', ({ row }) => row?.sequence === sequence);
  const delivered = async () => (await a.ok({ command: 'entry', conversation })).entry?.peer?.delivered;
  expect(await delivered()).toBeLessThan(sequence);
  await b.ok({ command: 'delivered', conversation, sequence });
  expect(await delivered()).toBe(sequence);
});

test('[CM-11.1] [CM-11.2] [pain 13] typing reaches members who have the conversation open, not the one who types, and not too often', async () => {
  const { people, sessions, conversation } = await group();
  const [a, b, e] = sessions as [TestSession, TestSession, TestSession];
  await a.ok({ command: 'watch', conversations: [conversation] });
  await b.ok({ command: 'watch', conversations: [conversation] });
  for (let times = 0; times < 5; times += 1) await b.ok({ command: 'typing', conversation, typing: true });
  await b.ok({ command: 'typing', conversation, typing: false });
  await a.event('typing', (event) => !event.typing);
  await e.settle();
  const typing = a.events.filter((event) => event.event === 'typing');
  expect(typing.map((event) => [event.user, event.typing])).toEqual([
    [at(people, 1).id, true],
    [at(people, 1).id, false],
  ]);
  expect([...kinds(b), ...kinds(e)]).not.toContain('typing');
});

test('[CH-3.2] [CM-10.3] a removed member can neither send typing nor receive typing and receipts, though the conversation was open', async () => {
  const { people, sessions, conversation } = await group();
  const [a, b, e] = sessions as [TestSession, TestSession, TestSession];
  for (const session of sessions) await session.ok({ command: 'watch', conversations: [conversation] });
  await e.ok({ command: 'typing', conversation, typing: true });
  await b.event('typing');
  await a.ok({ command: 'remove', conversation, user: at(people, 1).id });
  const before = b.events.length;
  expect(await b.code({ command: 'typing', conversation, typing: true })).toBe('not_member');
  await e.ok({ command: 'typing', conversation, typing: false });
  await e.ok({ command: 'read', conversation, sequence: 2 });
  await a.event('receipt');
  await b.settle();
  expect(b.events.slice(before).map((event) => event.event)).toEqual(['commit']);
});

test('[CM-10] watching is refused for a conversation of others and for too many conversations', async () => {
  const { place, sessions, conversation } = await group();
  const stranger = await place.connect(await place.register('zoe'));
  expect(await stranger.code({ command: 'watch', conversations: [conversation] })).toBe('not_found');
  const many = Array.from({ length: 9 }, (_, index) => index + 1);
  expect(await first(sessions).code({ command: 'watch', conversations: many })).toBe('too_many');
});

test('[CM-13.3] [CM-13.6] [pain 23] presence is sent to its watchers: online, away once the session closes, online again', async () => {
  const { place, people, sessions } = await group();
  const [a, b, e] = sessions as [TestSession, TestSession, TestSession];
  const bob = at(people, 1);
  const { presence } = await a.ok({ command: 'watchPresence', users: [bob.id] });
  expect(presence).toEqual([{ user: bob.id, state: 'away', lastSeenAt: null }]);
  await b.ok({ command: 'present', active: true });
  await a.event('presence', (event) => event.presence.state === 'online');
  b.wire.close();
  const gone = await a.event('presence', (event) => event.presence.state === 'away');
  expect(gone.presence.lastSeenAt).toBeGreaterThan(0);
  a.events.length = 0;
  const again = await place.connect(bob);
  await again.ok({ command: 'present', active: true });
  await a.event('presence', (event) => event.presence.state === 'online');
  expect(kinds(e)).not.toContain('presence');
});

test('[CM-13.1] [CM-13.3] [pain 23] a device that is not in use is away, and a presence lease that is not renewed expires', async () => {
  const { people, sessions } = await group({ chatLimits: { ...chatLimits, presenceLeaseMs: 50 } });
  const [a, b] = sessions as [TestSession, TestSession];
  await a.ok({ command: 'watchPresence', users: [at(people, 1).id] });
  await b.ok({ command: 'present', active: true });
  await a.event('presence', (event) => event.presence.state === 'online');
  await a.event('presence', (event) => event.presence.state === 'away');
  a.events.length = 0;
  await b.ok({ command: 'present', active: true });
  await b.ok({ command: 'present', active: false });
  await a.event('presence', (event) => event.presence.state === 'away');
});

test('[CM-13.3] [CM-13.4] an unreachable device is away, and online again once its session has resumed', async () => {
  const { place, people, sessions } = await group({ limits: { unreachableMs: 1 } });
  const [a, b] = sessions as [TestSession, TestSession];
  const eve = await place.connect(at(people, 2), 'long-poll');
  await eve.ok({ command: 'watchPresence', users: [at(people, 1).id] });
  await b.ok({ command: 'present', active: true });
  await eve.event('presence', (event) => event.presence.state === 'online');
  eve.events.length = 0;
  place.cutWebSockets();
  await eve.event('presence', (event) => event.presence.state === 'away');
  await eve.event('presence', (event) => event.presence.state === 'online');
  await a.settle();
});

test('[CH-16.2] when the broker lost hints, every client is asked to resync, spread over ten seconds', async () => {
  const broker = createMemoryBroker();
  const { sessions } = await group({ broker });
  broker.onGap?.();
  for (const session of sessions) expect(await session.event('resync')).toEqual({ event: 'resync', withinMs: 10_000 });
});
