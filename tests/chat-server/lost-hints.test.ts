import { createMemoryBroker } from '@everywire/broker-memory';
import { type ChatClient, createChatClient, type MessageRowView, type Timeline } from '@everywire/chat-client';
import { Hints } from '@everywire/chat-server/internal';
import { afterEach, expect, test, vi } from 'vitest';
import { TestPlace } from './test-place.js';

/* Runs the chat client (SDK) against the real server while hints (live events, which may be lost) do not arrive. */

const deadline = { timeout: 20_000, interval: 20 };
const clients: ChatClient[] = [];
let place: TestPlace;

afterEach(async () => {
  await Promise.all(clients.splice(0).map((client) => client.close()));
  vi.restoreAllMocks();
  await place.stop();
});

/** Registers a user and opens a client. */
async function join(name: string): Promise<ChatClient> {
  const { id, token } = await place.register(name);
  const client = createChatClient({ url: place.url, me: { id, name, displayName: name }, token });
  clients.push(client);
  await expect.poll(() => client.getSnapshot().connection.state, deadline).toBe('open');
  return client;
}

/** Returns the texts that a timeline shows. */
const rows = (timeline: Timeline): readonly string[] =>
  timeline
    .getSnapshot()
    .rows.flatMap((row) => (row.type === 'message' ? [row.text] : row.type === 'recalled' ? ['(recalled)'] : []));

/** Returns the row of this text. */
function message(timeline: Timeline, text: string): MessageRowView {
  const row = timeline.getSnapshot().rows.find((each) => each.type === 'message' && each.text === text);
  if (row?.type !== 'message') throw new Error(`there is no ${text}`);
  return row;
}

test('[pain 22] [pain 23] [pain also-2] a receipt, an edit, a recall and a leave whose hints were lost are all there after one resync', async () => {
  const broker = createMemoryBroker();
  place = await TestPlace.start({ broker, limits: { resyncSpreadMs: 50 } });
  const [ann, bo, cy] = [await join('ann'), await join('bo'), await join('cy')];
  const people = [bo, cy].map((client) => client.getSnapshot().me.id);
  const group = await ann.createGroup('Tides', people);
  const [hers, his, cys] = [ann, bo, cy].map((client) => client.openTimeline(group)) as [Timeline, Timeline, Timeline];
  hers.send('one');
  hers.send('two');
  await expect.poll(() => rows(his), deadline).toEqual(['one', 'two']);
  his.send('rude');
  for (const timeline of [hers, cys]) await expect.poll(() => rows(timeline), deadline).toEqual(['one', 'two', 'rude']);
  await expect.poll(() => message(hers, 'two').receipt, deadline).toEqual({ state: 'delivered' });
  ann.watchPresence(people, () => undefined);
  const states = () => people.map((id) => ann.presence(id).state);
  await expect.poll(states, deadline).toEqual(['online', 'online']);

  const losing = (['announce', 'typing', 'presence'] as const).map((name) =>
    vi.spyOn(Hints.prototype, name).mockImplementation(() => undefined),
  );
  cys.markRead();
  const readAt = async () => (await place.store.entry(people[1] ?? 0, group)).entry?.read ?? 0;
  await expect.poll(readAt, deadline).toBe(message(cys, 'rude').sequence);
  const { key, textVersion } = message(hers, 'one');
  await hers.edit(key, { text: 'one, fixed', textVersion });
  await hers.recall(message(hers, 'rude').key);
  await cy.close();
  expect(losing[0]).toHaveBeenCalled();
  expect(rows(his)).toEqual(['one', 'two', 'rude']);
  expect(message(hers, 'two').receipt).toEqual({ state: 'delivered' });
  expect(states()).toEqual(['online', 'online']);

  for (const spy of losing) spy.mockRestore();
  broker.onGap?.();
  await expect.poll(() => rows(his), deadline).toEqual(['one, fixed', 'two', '(recalled)']);
  await expect.poll(() => message(hers, 'two').receipt, deadline).toEqual({ state: 'read', count: 1 });
  await expect.poll(states, deadline).toEqual(['online', 'away']);
  const readers = await hers.readers(message(hers, 'two').key);
  expect(readers).toMatchObject({
    kind: 'people',
    people: [
      { person: { name: 'bo' }, readAt: null },
      { person: { name: 'cy' }, readAt: expect.any(Number) },
    ],
  });
}, 60_000);
