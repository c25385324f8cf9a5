import { describe, expect, it } from 'vitest';
import { raceDelayDefaultMs, raceDelayMaxMs, raceDelayMinMs } from './limits.js';
import { RaceTimer } from './race-timer.js';

describe('the hedge', () => {
  it('[SN-14.10] the race waits the default time, or 1.5 times the last connect plus 50 ms', () => {
    const hedge = new RaceTimer();
    hedge.begin(1000);
    expect(hedge.at).toBe(1000 + raceDelayDefaultMs);
    for (const [connectMs, waitMs] of [
      [10, raceDelayMinMs],
      [200, 350],
      [5000, raceDelayMaxMs],
    ] as const) {
      hedge.settle(connectMs);
      expect(hedge.at).toBe(Number.POSITIVE_INFINITY);
      hedge.begin(0);
      expect(hedge.at).toBe(waitMs);
    }
    hedge.settle(undefined);
    expect(hedge.connectMs).toBe(5000);
  });

  it('[SN-14.9] only the first refusal of an outage starts the race early', () => {
    const hedge = new RaceTimer();
    hedge.begin(0);
    hedge.hurry(20);
    expect(hedge.at).toBe(20);
    hedge.taken();
    hedge.hurry(40);
    expect(hedge.at).toBe(Number.POSITIVE_INFINITY);
    hedge.settle(undefined);
    hedge.hurry(60);
    expect(hedge.at).toBe(60);
  });
});
