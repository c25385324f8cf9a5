import { expect, it } from 'vitest';
import type { TimerEntry, TimerWheel } from '../timer-wheel.js';
import { PingThrottle } from './ping-throttle.js';

// Tests `PingThrottle`, which stops reading from a socket that sends too many pings. The limits here allow 3 pings in a
// burst and one each 10 ms.

/** Returns a throttle, its actions (`held`, the milliseconds of the pause, `read`), and a function that ends the pause. */
function setUp(): {
  readonly throttle: PingThrottle;
  readonly actions: (string | number)[];
  readonly release: () => void;
} {
  const actions: (string | number)[] = [];
  let waiting: TimerEntry | null = null;
  const wheel: TimerWheel = {
    schedule: (entry, ms) => {
      waiting = entry;
      actions.push(ms);
    },
    cancel: () => {
      waiting = null;
    },
    stop: () => undefined,
  };
  const limits = { pingsAtOnce: 3, pingRefillMs: 10, pingPauseMs: 100, heartbeatMs: 15_000 };
  const throttle = new PingThrottle(
    { wheel, limits },
    { hold: () => actions.push('held'), go: () => actions.push('read') },
  );
  return { throttle, actions, release: () => waiting?.onTimer(0) };
}

it('PingThrottle pauses reading of a socket with too many pings and resumes after the pause', () => {
  const { throttle, actions, release } = setUp();
  for (let count = 0; count < 3; count += 1) throttle.count(1_000);
  expect(actions).toEqual([]);
  for (let count = 0; count < 10_000; count += 1) throttle.count(1_000);
  expect(actions).toEqual(['held', 100]);
  release();
  expect(actions).toEqual(['held', 100, 'read']);
  // The debt is bounded by the pause, regardless of the number of pings in one chunk.
  throttle.count(1_140);
  expect(actions.length).toBe(3);
});

it('PingThrottle never pauses a socket whose pings keep the allowed rate', () => {
  const { throttle, actions } = setUp();
  for (let now = 0; now < 10_000; now += 10) throttle.count(now);
  expect(actions).toEqual([]);
});

it('PingThrottle schedules nothing after its socket has closed', () => {
  const { throttle, actions, release } = setUp();
  for (let count = 0; count < 10; count += 1) throttle.count(0);
  throttle.stop();
  release();
  expect(actions).toEqual(['held', 100]);
});
