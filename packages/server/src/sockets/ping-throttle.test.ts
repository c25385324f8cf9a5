import { expect, it } from 'vitest';
import type { TimerEntry, TimerWheel } from '../timer-wheel.js';
import { PingThrottle } from './ping-throttle.js';

/** Returns a pace with a recorder of pauses, and a function that ends a pause. */
function setUp(): { readonly pace: PingThrottle; readonly seen: (string | number)[]; readonly release: () => void } {
  const seen: (string | number)[] = [];
  let waiting: TimerEntry | null = null;
  const wheel: TimerWheel = {
    schedule: (entry, ms) => {
      waiting = entry;
      seen.push(ms);
    },
    cancel: () => {
      waiting = null;
    },
    stop: () => undefined,
  };
  const limits = { pingsAtOnce: 3, pingRefillMs: 10, pingPauseMs: 100, heartbeatMs: 15_000 };
  const pace = new PingThrottle({ wheel, limits }, { hold: () => seen.push('held'), go: () => seen.push('read') });
  return { pace, seen, release: () => waiting?.onTimer(0) };
}

it('PingThrottle pauses reading of a socket with too many pings and resumes after the pause', () => {
  const { pace, seen, release } = setUp();
  for (let count = 0; count < 3; count += 1) pace.count(1_000);
  expect(seen).toEqual([]);
  for (let count = 0; count < 10_000; count += 1) pace.count(1_000);
  expect(seen).toEqual(['held', 100]);
  release();
  expect(seen).toEqual(['held', 100, 'read']);
  // The debt is bounded by the pause, regardless of the number of pings in one chunk.
  pace.count(1_140);
  expect(seen.length).toBe(3);
});

it('PingThrottle never pauses a socket whose pings keep the allowed rate', () => {
  const { pace, seen } = setUp();
  for (let now = 0; now < 10_000; now += 10) pace.count(now);
  expect(seen).toEqual([]);
});

it('PingThrottle schedules nothing after its socket has closed', () => {
  const { pace, seen, release } = setUp();
  for (let count = 0; count < 10; count += 1) pace.count(0);
  pace.stop();
  release();
  expect(seen).toEqual(['held', 100]);
});
