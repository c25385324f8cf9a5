import { describe, expect, it } from 'vitest';
import { type Carrier, ClientBench, poll, shortPoll } from './test-kit/client-bench.js';

// Tests how long a client waits for the answer to a request, and how long after an answer `wait`, by which a server
// delays a poll that came too soon. `ClientBench` is one client session with a manual clock; the test plays the server
// and the network.

/** Returns the timeouts of the first `count` unanswered requests to open a session. */
function timeouts(count: number): readonly number[] {
  const bench = new ClientBench(poll);
  const startTimes = new Map<Carrier, number>();
  const durations: number[] = [];
  bench.session.start(0);
  for (let step = 0; durations.length < count && step < 200_000; step += 1) {
    for (const carrier of bench.carriers) if (!startTimes.has(carrier)) startTimes.set(carrier, bench.now);
    bench.pass(1);
    for (const [carrier, since] of startTimes) {
      if (carrier.ending === null || since < 0) continue;
      durations.push(bench.now - since);
      startTimes.set(carrier, -1);
    }
  }
  return durations;
}

describe('requests without an answer', () => {
  it('[SN-7.11] [SN-7.12] the timeout grows after one and two unanswered links, and from the ninth on, up to ten seconds', () => {
    const [first = 0, ...others] = timeouts(16);
    const times = others.map((ms) => ms / first);
    // In multiples of the first timeout, which each growth raises by half.
    const expected = [1.5, ...Array<number>(7).fill(2.25), ...[3, 4, 5, 6, 7, 8, 9].map((power) => 1.5 ** power)];
    for (const [at, time] of times.entries())
      expect(time, `${at + 1} before it`).toBeCloseTo(Math.min(10_000 / first, expected[at] as number), 1);
    expect(others.at(-1)).toBe(10_000);
  });
});

describe('an answer `wait`', () => {
  /** Returns the milliseconds from the answer to the next poll. */
  function pauseAfter(ms: number): number {
    const bench = ClientBench.attached(shortPoll);
    bench.pass(600);
    const early = bench.last;
    expect(early.link.kind).toBe('poll');
    bench.record(early, { t: 'wait', ms });
    bench.ended(early, true);
    const from = bench.now;
    while (bench.last === early && bench.now < from + 5_000) bench.pass(1);
    return bench.now - from;
  }

  it.each([
    [1, 125],
    [124, 125],
    [126, 126],
    [999, 999],
    [1_001, 1_000],
    [3_600_000, 1_000],
  ])('[SN-34.10] a `wait` of %i ms counts as one of %i ms', (ms, counted) => {
    expect(pauseAfter(ms)).toBe(counted);
  });
});
