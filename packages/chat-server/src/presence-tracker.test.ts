import { expect, test } from 'vitest';
import { PresenceTracker } from './presence-tracker.js';

// Tests `PresenceTracker`: the presence (online or away) of all users that several server nodes know of each other. Each
// session renews a lease; a node reports its changes to the others once a second, and `expire` is called once a second.

/** The presence of a user as clients get it. */
const online = (user: number) => ({ user, state: 'online', lastSeenAt: null });
const away = (user: number, lastSeenAt: number | null) => ({ user, state: 'away', lastSeenAt });
const create = (node: string): PresenceTracker => new PresenceTracker({ leaseMs: 90_000, leasesMax: 5_000 }, node);

/** Delivers one node's report to another, unless lost. Returns the states that changed there. */
function takeMessages(from: PresenceTracker, to: PresenceTracker, lost = false): unknown {
  const messages = from.takeMessages();
  return lost ? [] : messages.flatMap((message) => to.receive(message));
}

test('[CM-13.7] a user is online on every node while present on any', () => {
  const [a, b] = [create('a'), create('b')];
  a.renew(1, 7, 0);
  expect(takeMessages(a, b)).toEqual([online(7)]);
  expect(b.stateOf(7)).toEqual(online(7));
  // Present here as well: nothing changes for observers, neither now nor when the user leaves the first node.
  expect(b.renew(1, 7, 10)).toEqual([]);
  a.end(1, 20);
  expect(takeMessages(a, b)).toEqual([]);
  expect(takeMessages(b, a)).toEqual([online(7)]);
  expect(b.end(1, 30)).toEqual([away(7, 30)]);
  expect(takeMessages(b, a)).toEqual([away(7, 30)]);
});

test('a single node keeps no changes for others', () => {
  const alone = new PresenceTracker({ leaseMs: 90_000, leasesMax: 10 }, null);
  expect([alone.renew(1, 7, 0), alone.end(1, 10), alone.takeMessages()]).toEqual([[online(7)], [away(7, 10)], []]);
});

test('a user who leaves one of two other nodes stays online without a notification', () => {
  const [a, b, c] = [create('a'), create('b'), create('c')];
  for (const node of [a, b]) node.renew(1, 7, 0);
  expect([takeMessages(a, c), takeMessages(b, c)]).toEqual([[online(7)], []]);
  a.end(1, 10);
  expect(takeMessages(a, c)).toEqual([]);
  for (let second = 0; second < 3; second += 1) expect(c.expire(0)).toEqual([]);
  takeMessages(b, c);
  for (let second = 0; second < 5; second += 1) expect(c.expire(0)).toEqual([]);
  expect(c.expire(0)).toEqual([away(7, 10)]);
});

test('a node that missed a report requests and receives a full one', () => {
  const [a, b] = [create('a'), create('b')];
  for (const user of [7, 8]) a.renew(user, user, 0);
  takeMessages(a, b);
  a.end(8, 10);
  for (let user = 1_000; user < 3_500; user += 1) a.renew(user, user, 20);
  takeMessages(a, b, true);
  expect([7, 8, 1_000].map((user) => b.stateOf(user).state)).toEqual(['online', 'online', 'away']);
  a.asked();
  takeMessages(a, b);
  expect([7, 8, 1_000, 3_499].map((user) => b.stateOf(user).state)).toEqual(['online', 'away', 'online', 'online']);
  expect(takeMessages(a, b)).toEqual([]);
});

test("a silent node's users are dropped, and a node without changes is not silent", () => {
  const [a, b] = [create('a'), create('b')];
  expect(b.isNew(a.takeMessages()[0]!)).toBe(true);
  a.renew(1, 7, 0);
  takeMessages(a, b);
  expect(b.isNew(a.takeMessages()[0]!)).toBe(false);
  for (let second = 0; second < 20; second += 1) {
    takeMessages(a, b);
    expect(b.expire(1_000)).toEqual([]);
  }
  const nothing = [1, 2, 3, 4].map(() => b.expire(1_000));
  expect(nothing).toEqual([[], [], [], []]);
  expect([b.expire(1_000), b.expire(1_000)]).toEqual([[away(7, null)], []]);
});
