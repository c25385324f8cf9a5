import { afterEach, expect, test } from 'vitest';
import type { TestSession } from '../chat-server/test-session.js';
import { assertsFigures } from '../lane.js';
import { type Cluster, startCluster } from './cluster.js';

/* Presence and typing, and who may see them, if the watchers and the watched are on different nodes. */

let cluster: Cluster;
afterEach(() => cluster.stop());

/** Returns the latest state of a person that a session received. */
function latestState(session: TestSession, user: number): string | undefined {
  const states = session.events.flatMap((event) => (event.event === 'presence' ? [event.presence] : []));
  return states.findLast((presence) => presence.user === user)?.state;
}

/** Starts nodes with people, and opens a session of each person at the node `at`. */
async function sessions(nodes: number, names: readonly string[], at: readonly number[]): Promise<TestSession[]> {
  cluster = await startCluster({ nodes, people: names });
  return Promise.all(at.map((node, person) => cluster.nodes[node]!.place.connect(cluster.people[person]!)));
}

test('[CM-13.5] [CM-13.7] a person is online while a device of theirs is, at any node, and a watcher at a third gets each change once', async () => {
  const [looks, first, looksToo] = await sessions(3, ['ann', 'bob', 'eve'], [2, 0, 0]);
  const second = await cluster.nodes[1]!.place.connect(cluster.people[1]!);
  const { id } = cluster.people[1]!;
  for (const session of [looks!, looksToo!]) await session.ok({ command: 'watchPresence', users: [id] });
  for (const device of [first!, second]) await device.ok({ command: 'present', active: true });
  await expect.poll(() => latestState(looks!, id)).toBe('online');
  // By then each node has notified the others of its device.
  await new Promise((resolve) => setTimeout(resolve, 1_500));
  await first!.ok({ command: 'present', active: false });
  const { presence } = await looks!.ok({ command: 'watchPresence', users: [id] });
  expect(presence).toEqual([{ user: id, state: 'online', lastSeenAt: null }]);
  await second.ok({ command: 'present', active: false });
  await expect.poll(() => latestState(looks!, id)).toBe('away');
  await expect.poll(() => latestState(looksToo!, id)).toBe('away');
  for (const { events } of [looks!, looksToo!])
    expect(events.filter(({ event }) => event === 'presence').length).toBe(2);
});

test('[CM-13.7] a node that missed presence changes queries the current state', async () => {
  const [looks, there] = await sessions(2, ['ann', 'bob'], [1, 0]);
  const { id } = cluster.people[1]!;
  await looks!.ok({ command: 'watchPresence', users: [id] });
  await there!.ok({ command: 'present', active: true });
  await expect.poll(() => latestState(looks!, id)).toBe('online');
  cluster.nodes[1]!.broker.cut();
  there!.wire.close();
  await there!.closed;
  // Its notifications in this second are lost.
  await new Promise((resolve) => setTimeout(resolve, 1_500));
  cluster.nodes[1]!.broker.repair();
  await expect.poll(() => latestState(looks!, id)).toBe('away');
});

test('[CM-13.7] a person blocked at one node gets no more presence at another, even if the notification was lost', async () => {
  const [ann, bob, eve] = await sessions(2, ['ann', 'bob', 'eve'], [0, 1, 1]);
  const { id } = cluster.people[0]!;
  for (const session of [bob!, eve!]) await session.ok({ command: 'watchPresence', users: [id] });
  const { broker } = cluster.nodes[1]!;
  await ann!.ok({ command: 'block', user: cluster.people[1]!.id, blocked: true });
  await ann!.ok({ command: 'present', active: true });
  await expect.poll(() => latestState(eve!, id)).toBe('online');
  expect(latestState(bob!, id)).toBe(undefined);
  await ann!.ok({ command: 'present', active: false });
  await expect.poll(() => latestState(eve!, id)).toBe('away');
  broker.cut();
  await ann!.ok({ command: 'block', user: cluster.people[2]!.id, blocked: true });
  broker.repair();
  await eve!.event('resync');
  await eve!.settle();
  await ann!.ok({ command: 'present', active: true });
  const seen = await cluster.nodes[1]!.place.connect(await cluster.nodes[0]!.place.register('zoe'));
  // The state may have arrived at this node before, and then only the answer gives it.
  const { presence } = await seen.ok({ command: 'watchPresence', users: [id] });
  await expect.poll(() => latestState(seen, id) ?? presence[0]?.state).toBe('online');
  expect([latestState(bob!, id), latestState(eve!, id)]).toEqual([undefined, 'away']);
});

test.each(['delivered', 'lost'])(
  '[CH-17.5] a member removed at one node gets no typing at another, the notification %s',
  async (way) => {
    const [ann, bob, eve] = await sessions(2, ['ann', 'bob', 'eve'], [0, 1, 1]);
    const users = cluster.people.slice(1).map(({ id }) => id);
    const { conversation } = await ann!.ok({ command: 'createGroup', name: 'Reading', users });
    for (const session of [bob!, eve!]) await session.ok({ command: 'watch', conversations: [conversation] });
    await ann!.ok({ command: 'typing', conversation, typing: true });
    for (const session of [bob!, eve!]) await session.event('typing');
    const { broker } = cluster.nodes[1]!;
    if (way === 'lost') broker.cut();
    await ann!.ok({ command: 'remove', conversation, user: users[0]! });
    await new Promise((resolve) => setImmediate(resolve));
    // The loss is not detected yet.
    if (way === 'lost') broker.repair();
    await ann!.ok({ command: 'typing', conversation, typing: false });
    await eve!.event('typing', ({ typing }) => !typing);
    await bob!.settle();
    expect(bob!.events.filter(({ event }) => event === 'typing').length).toBe(1);
  },
);

test('[SN-26.6] a lost last message is detected within two seconds', async () => {
  const [ann, bob] = await sessions(2, ['ann', 'bob'], [0, 1]);
  const { conversation } = await ann!.ok({ command: 'createDirect', peer: cluster.people[1]!.id });
  await bob!.event('commit');
  // A person's topic: nothing is published there a second time.
  cluster.nodes[1]!.broker.cut();
  await ann!.ok({ command: 'send', conversation, text: 'lost' });
  cluster.nodes[1]!.broker.repair();
  const begun = performance.now();
  await bob!.event('resync');
  if (assertsFigures) expect(performance.now() - begun).toBeLessThan(2_000);
});
