import { describe, expect, it } from 'vitest';
import { sessionLimits } from '../limits.js';
import { ClientBench, poll, stream } from './test-kit/client-bench.js';
import { counts } from './test-kit/server-bench.js';

// Tests the pauses before failed bodies (POSTs with messages) and failed links are repeated. `ClientBench` is one
// client session with a manual clock; the test plays the server and the network.

describe('a body that fails', () => {
  /** Returns the milliseconds from each failure to the next body, given the duration of each failing body. */
  function pauses(tries: number, failsAfterMs: number): readonly number[] {
    const bench = ClientBench.attached(stream);
    const bodies = (): typeof bench.carriers => bench.carriers.filter(({ head }) => head?.t === 'body');
    bench.send('a');
    return Array.from({ length: tries }, () => {
      bench.pass(failsAfterMs);
      const before = bodies();
      bench.ended(before.at(-1) as typeof bench.last, false);
      const failedAt = bench.now;
      while (bodies().length === before.length) bench.pass(10);
      return bench.now - failedAt;
    });
  }

  it('[SN-7.10] a failed body is repeated after a pause that counts from its start', () => {
    expect(pauses(4, 0)).toEqual([100, 200, 400, 800]);
    expect(pauses(4, 200).slice(2)).toEqual([200, 600]);
  });

  it('[SN-7.10] a failed body is repeated after at least the shortest pause', () => {
    expect(pauses(3, 400)).toEqual([100, 100, 100]);
  });
});

describe('failed links', () => {
  it.each([
    [0, [50, 100, 200, 400]],
    [1, [100, 200, 400, 800]],
  ])('[SN-12.2] [SN-12.3] a failed link is retried after a pause with jitter, %d of its half', (share, expected) => {
    const bench = ClientBench.attached();
    bench.random = share;
    const pauses = expected.map(() => {
      bench.ended(bench.last, false);
      const pauseMs = (bench.session.manager.retryAt ?? 0) - bench.now;
      bench.pass(pauseMs);
      return pauseMs;
    });
    expect(pauses).toEqual(expected);
  });
});

describe('messages of an `open`', () => {
  it('[SN-35.3] the messages of an `open` count as sent from the first counts on', () => {
    const bench = new ClientBench(poll);
    bench.send('a', 'b');
    bench.session.start(bench.now);
    expect(bench.last).toMatchObject({ head: { t: 'open', first: 1, count: 2 }, texts: ['a', 'b'] });
    bench.record(bench.last, { t: 'opened', id: 'id 1', received: 2, limits: sessionLimits });
    expect(bench.last.head).toMatchObject({ t: 'attach', ...counts({ sent: 2 }) });
  });
});
