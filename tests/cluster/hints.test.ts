import { createMemoryBroker, createMemoryExchange } from '@everywire/broker-memory';
import { chatLimits } from '@everywire/chat';
import type { Broker } from '@everywire/server';
import { createLossyBroker, type FrameExchange } from '@everywire/testkit';
import { afterEach, expect, test } from 'vitest';
import { type TestPerson, TestPlace } from '../chat-server/test-place.js';
import type { TestSession } from '../chat-server/test-session.js';

/* Two nodes over one store: commits of one reach the people of the other. */

const limits = { ...chatLimits, smallMembersMax: 3 };
const places: TestPlace[] = [];
afterEach(async () => {
  for (const place of places.splice(0).reverse()) await place.stop();
});

/** Two nodes, their users, and the topics that the first node has published to. */
interface Nodes {
  readonly places: readonly [TestPlace, TestPlace];
  readonly people: readonly TestPerson[];
  readonly published: readonly string[];
}

/** Starts two nodes with `count` people, and records what the first node publishes. */
async function nodes(count: number, ofSecond: Broker, ofFirst: Broker): Promise<Nodes> {
  const published: string[] = [];
  const { publish } = ofFirst;
  ofFirst.publish = (publication) => {
    published.push(...publication.topics);
    return publish(publication);
  };
  const first = await TestPlace.start({ broker: ofFirst, chatLimits: limits });
  places.push(first);
  const second = await TestPlace.start({ broker: ofSecond, chatLimits: limits, store: first.store });
  places.push(second);
  const people: TestPerson[] = [];
  for (let person = 0; person < count; person += 1) people.push(await first.register(`person${person}`));
  return { places: [first, second], people, published };
}

/** Waits until a session receives the event of this message. */
const heardOf = (session: TestSession, sequence: number): Promise<unknown> =>
  session.event('commit', (event) => event.row?.sequence === sequence);

test('[CH-17.2] a message in a large conversation is published once, and reaches its members on every node', async () => {
  const exchange = createMemoryExchange();
  const both = await nodes(8, createMemoryBroker(exchange), createMemoryBroker(exchange));
  const [one, two] = both.places;
  const sessions = await Promise.all(both.people.map((person, index) => (index < 5 ? one : two).connect(person)));
  const [a, , , , , last] = sessions as TestSession[];
  const users = both.people.slice(1, 7).map(({ id }) => id);
  const { conversation } = await a!.ok({ command: 'createGroup', name: 'Reading', users });
  await Promise.all(sessions.map((session) => session.settle()));
  const before = both.published.length;
  const { sequence } = await a!.ok({ command: 'send', conversation, text: 'to all' });
  for (const session of sessions.slice(0, 7)) await heardOf(session, sequence);
  expect(both.published.slice(before)).toEqual(['nodes']);
  // The members were read once; later joins and leaves are followed by notices.
  await a!.ok({ command: 'add', conversation, users: [both.people[7]!.id] });
  await a!.ok({ command: 'remove', conversation, user: both.people[6]!.id });
  const next = await a!.ok({ command: 'send', conversation, text: 'without one' });
  for (const session of [...sessions.slice(0, 6), sessions[7]!]) await heardOf(session, next.sequence);
  await last!.settle();
  await sessions[6]!.settle();
  const received = sessions[6]!.events.some(
    (event) => event.event === 'commit' && event.row?.sequence === next.sequence,
  );
  expect(received).toBe(false);
});

test('[CH-17.5] typing and receipts reach those who have the conversation open on another node', async () => {
  const exchange = createMemoryExchange();
  const { places, people, published } = await nodes(3, createMemoryBroker(exchange), createMemoryBroker(exchange));
  const [one, two] = places;
  const a = await one.connect(people[0]!);
  const others = [await two.connect(people[1]!), await two.connect(people[2]!)];
  const users = people.slice(1).map(({ id }) => id);
  const { conversation } = await a.ok({ command: 'createGroup', name: 'Reading', users });
  for (const session of others) await session.ok({ command: 'watch', conversations: [conversation] });
  const before = published.length;
  await a.ok({ command: 'typing', conversation, typing: true });
  for (const session of others) await session.event('typing', (event) => event.user === people[0]!.id);
  expect(published.slice(before)).toEqual(['nodes']);
  const { sequence } = await others[0]!.ok({ command: 'send', conversation, text: 'seen?' });
  await a.ok({ command: 'read', conversation, sequence });
  for (const session of others) {
    await session.event('receipt', ({ receipt }) => receipt.user === people[0]!.id && receipt.shown === sequence);
  }
});

test('[CH-16.2] [SN-26.3] a node that missed notices of another makes its own people resync, and follows again', async () => {
  const exchange: FrameExchange = new Set();
  const broker = createLossyBroker(exchange);
  const { places, people } = await nodes(5, broker, createLossyBroker(exchange));
  const [one, two] = places;
  const a = await one.connect(people[0]!);
  const b = await two.connect(people[1]!);
  const users = people.slice(1, 4).map(({ id }) => id);
  const { conversation } = await a.ok({ command: 'createGroup', name: 'Reading', users });
  await b.event('commit', (event) => event.conversation === conversation);
  const first = await a.ok({ command: 'send', conversation, text: 'heard' });
  await heardOf(b, first.sequence);
  broker.lose(1);
  await a.ok({ command: 'send', conversation, text: 'missed' });
  const after = await a.ok({ command: 'send', conversation, text: 'after' });
  await b.event('resync');
  await heardOf(b, after.sequence);
});

test('[CH-16.2] [SN-26.3] after a gap of the broker the next hint makes no client resync before its time', async () => {
  const exchange: FrameExchange = new Set();
  const broker = createLossyBroker(exchange);
  const { places, people } = await nodes(2, broker, createLossyBroker(exchange));
  const a = await places[0].connect(people[0]!);
  const b = await places[1].connect(people[1]!);
  const { conversation } = await a.ok({ command: 'createDirect', peer: people[1]!.id });
  let resets = 0;
  b.wire.addEventListener('reset', () => {
    resets += 1;
  });
  const heard = async (): Promise<void> => {
    const { sequence } = await a.ok({ command: 'send', conversation, text: 'heard' });
    await heardOf(b, sequence);
  };
  await heard();
  broker.cut();
  await a.ok({ command: 'send', conversation, text: 'missed' });
  broker.repair();
  await heard();
  await b.event('resync');
  await heard();
  await b.settle();
  expect(resets).toBe(0);
});
