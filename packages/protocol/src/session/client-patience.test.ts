import { describe, expect, it } from 'vitest';
import { type Carrier, ClientBench, poll, shortPoll } from './test-kit/client-bench.js';

/** Returns the timeouts of the first `count` unanswered requests to open a session. */
function patiences(count: number): readonly number[] {
  const bench = new ClientBench(poll);
  const begun = new Map<Carrier, number>();
  const waited: number[] = [];
  bench.session.start(0);
  for (let step = 0; waited.length < count && step < 200_000; step += 1) {
    for (const carrier of bench.carriers) if (!begun.has(carrier)) begun.set(carrier, bench.now);
    bench.pass(1);
    for (const [carrier, since] of begun) {
      if (carrier.ending === null || since < 0) continue;
      waited.push(bench.now - since);
      begun.set(carrier, -1);
    }
  }
  return waited;
}

describe('requests without an answer', () => {
  it('[SN-7.11] [SN-7.12] the timeout grows after one and two unanswered links, and from the ninth on, up to ten seconds', () => {
    const [first = 0, ...others] = patiences(16);
    const times = others.map((ms) => ms / first);
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
