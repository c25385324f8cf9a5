import { describe, expect, it } from 'vitest';
import { ServerBench } from './test-kit/server-bench.js';

describe('held polls', () => {
  it('[SN-15.7] polls that arrive together are answered at different times, between nine tenths and one heartbeat', () => {
    const heldMs = Array.from({ length: 12 }, (_, at) => {
      const bench = new ServerBench();
      bench.open();
      bench.attach();
      const poll = bench.attach(2 + at, {}, bench.link('poll'));
      for (let ms = 0; ; ms += 10) {
        if (poll.ending) return ms;
        bench.pass(10);
      }
    });
    expect(Math.min(...heldMs)).toBeGreaterThanOrEqual(13_500);
    expect(Math.max(...heldMs)).toBeLessThanOrEqual(15_010);
    expect(new Set(heldMs.map((ms) => Math.floor(ms / 150))).size).toBeGreaterThan(6);
  });
});
