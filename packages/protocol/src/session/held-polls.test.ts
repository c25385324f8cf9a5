import { describe, expect, it } from 'vitest';
import { ServerBench } from './test-kit/server-bench.js';

// A held poll is a poll that the server leaves unanswered until it has a message, for at most one heartbeat (15 s).
// `ServerBench` is one server node with a manual clock; the test plays the client.

describe('held polls', () => {
  it('[SN-15.7] polls that arrive together are answered at different times, between nine tenths and one heartbeat', () => {
    const heldMs = Array.from({ length: 12 }, (_, at) => {
      const bench = new ServerBench();
      bench.open();
      bench.attach();
      const poll = bench.attach(2 + at, {}, bench.link('poll'));
      // Steps of 10 ms until the poll is answered.
      for (let ms = 0; ; ms += 10) {
        if (poll.ending) return ms;
        bench.pass(10);
      }
    });
    expect(Math.min(...heldMs)).toBeGreaterThanOrEqual(13_500);
    expect(Math.max(...heldMs)).toBeLessThanOrEqual(15_010);
    // In slots of 150 ms, more than half of the 12 polls have a slot of their own.
    expect(new Set(heldMs.map((ms) => Math.floor(ms / 150))).size).toBeGreaterThan(6);
  });
});
