import { expect, test, vi } from 'vitest';
import { PresenceWatch } from './presence-watch.js';

// Tests `PresenceWatch`: the users whose presence (online or away) parts of the user interface show, and the presence
// that the server reported. The server allows 200 watched users.

const ids = (from: number, count: number) => Array.from({ length: count }, (_, index) => from + index);

test('above the server’s limit, the users watched most recently are sent', () => {
  const watch = new PresenceWatch();
  watch.watch(ids(1, 150), () => undefined);
  const end = watch.watch(ids(1_000, 120), () => undefined);
  expect(watch.users).toHaveLength(200);
  expect(watch.users).toEqual([...ids(71, 80), ...ids(1_000, 120)]);
  end();
  expect(watch.users).toEqual(ids(1, 150));
});

test('[pain 23] presence is unknown while the server is unreachable, and known again when the session resumes', () => {
  const watch = new PresenceWatch();
  const seen: string[] = [];
  watch.watch([1], () => seen.push(watch.get(1).state));
  watch.reach(true);
  watch.learn([{ user: 1, state: 'online', lastSeenAt: null }]);
  watch.reach(false);
  watch.reach(true);
  watch.disconnected();
  expect(seen).toEqual(['unknown', 'online', 'unknown', 'online', 'unknown']);
});

test('a user who is watched again counts as watched most recently', () => {
  const watch = new PresenceWatch();
  watch.watch(ids(1, 150), () => undefined);
  watch.watch(ids(1_000, 60), () => undefined);
  expect(watch.users[0]).toBe(11);
  const end = watch.watch([1], () => undefined);
  expect([watch.users.length, watch.users[0], watch.users.at(-1)]).toEqual([200, 12, 1]);
  end();
  expect([watch.users.length, watch.users.at(-1)]).toEqual([200, 1]);
});

test('presence is known until the last watch ends, and unknown to the next', () => {
  const watch = new PresenceWatch();
  watch.reach(true);
  const endFirst = watch.watch([1], () => undefined);
  const endSecond = watch.watch([1, 2], () => undefined);
  watch.learn([{ user: 1, state: 'away', lastSeenAt: 7 }]);
  endFirst();
  endFirst();
  expect([watch.users, watch.get(1), watch.get(2)]).toEqual([
    [1, 2],
    { state: 'away', lastSeenAt: 7 },
    { state: 'unknown' },
  ]);
  endSecond();
  watch.learn([{ user: 1, state: 'online', lastSeenAt: null }]);
  watch.watch([1], () => undefined);
  expect([watch.users, watch.get(1)]).toEqual([[1], { state: 'unknown' }]);
});

test('a listener is not called after its watch ended or without a change', () => {
  const watch = new PresenceWatch();
  const [first, second] = [vi.fn(), vi.fn()];
  const end = watch.watch([1], first);
  watch.watch([1], second);
  watch.reach(false);
  expect([first.mock.calls.length, second.mock.calls.length]).toEqual([0, 0]);
  end();
  watch.reach(true);
  watch.reach(true);
  watch.learn([{ user: 1, state: 'online', lastSeenAt: null }]);
  expect([first.mock.calls.length, second.mock.calls.length]).toEqual([0, 2]);
});
