import { expect, test } from 'vitest';
import { PresenceWatch } from './presence-watch.js';

const ids = (from: number, count: number) => Array.from({ length: count }, (_, index) => from + index);

test('of more people than the server lets be watched, those looked at last are told of', () => {
  const watch = new PresenceWatch();
  watch.watch(ids(1, 150), () => undefined);
  const end = watch.watch(ids(1_000, 120), () => undefined);
  expect(watch.users).toHaveLength(200);
  expect(watch.users).toEqual([...ids(71, 80), ...ids(1_000, 120)]);
  end();
  expect(watch.users).toEqual(ids(1, 150));
});

test('[pain 23] nothing is claimed while the server cannot be reached, and what was told in the session counts again with it', () => {
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
