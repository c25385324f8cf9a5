import { describe, expect, it } from 'vitest';
import { Backoff } from './backoff.js';

// Tests `Backoff`, the pauses between attempts to connect. Its argument returns random numbers for the jitter: with 1,
// every pause has its full length.

/** Returns the pauses after this many consecutive failures, in milliseconds. Each attempt fails immediately. */
function pausesOf(backoff: Backoff, failures: number): readonly number[] {
  let now = 0;
  return Array.from({ length: failures }, () => {
    backoff.failed(now, now);
    const pause = backoff.dueAt - now;
    now = backoff.dueAt;
    return pause;
  });
}

describe('retry pauses', () => {
  it('[SN-12.2] [SN-12.3] retry pauses double, up to a second while the outage is short', () => {
    expect(pausesOf(new Backoff(() => 1), 6)).toEqual([100, 200, 400, 800, 1000, 1000]);
  });

  it('[SN-12.2] retry pauses have jitter from the first on, down to half', () => {
    expect(pausesOf(new Backoff(() => 0), 3)).toEqual([50, 100, 200]);
  });

  it('[SN-12.2] retry pauses start from the shortest again once a link has carried the session for a while', () => {
    const backoff = new Backoff(() => 1);
    pausesOf(backoff, 5);
    backoff.succeeded();
    backoff.heard();
    expect(pausesOf(backoff, 2)).toEqual([100, 200]);
  });

  it('a retry pause is shorter by the time that the attempt waited for its answer', () => {
    const backoff = new Backoff(() => 1);
    backoff.failed(0, 0);
    backoff.failed(0, 0);
    backoff.failed(0, 350);
    expect(backoff.dueAt).toBe(450);
  });
});

it('a resting session tries nothing before it is woken', () => {
  const backoff = new Backoff(() => 1);
  backoff.rest();
  expect([backoff.isResting, backoff.dueAt]).toEqual([true, Number.POSITIVE_INFINITY]);
  backoff.wake(7);
  expect([backoff.isResting, backoff.dueAt]).toEqual([false, 7]);
});
