import { describe, expect, it } from 'vitest';
import { RACE_DELAY_DEFAULT_MS, RACE_DELAY_MAX_MS, RACE_DELAY_MIN_MS } from './limits.js';
import { RaceTimer } from './race-timer.js';

// Tests `RaceTimer`: when a client that connects by a WebSocket starts a second transport. Times are in milliseconds.

describe('the raceTimer', () => {
  it('[SN-14.10] the race waits the default time, or 1.5 times the last connect plus 50 ms', () => {
    const raceTimer = new RaceTimer();
    raceTimer.begin(1000);
    expect(raceTimer.at).toBe(1000 + RACE_DELAY_DEFAULT_MS);
    for (const [connectMs, waitMs] of [
      [10, RACE_DELAY_MIN_MS],
      [200, 350],
      [5000, RACE_DELAY_MAX_MS],
    ] as const) {
      raceTimer.settle(connectMs);
      expect(raceTimer.at).toBe(Number.POSITIVE_INFINITY);
      raceTimer.begin(0);
      expect(raceTimer.at).toBe(waitMs);
    }
    raceTimer.settle(undefined);
    expect(raceTimer.connectMs).toBe(5000);
  });

  it('[SN-14.9] only the first refusal of an outage starts the race early', () => {
    const raceTimer = new RaceTimer();
    raceTimer.begin(0);
    raceTimer.hurry(20);
    expect(raceTimer.at).toBe(20);
    raceTimer.taken();
    raceTimer.hurry(40);
    expect(raceTimer.at).toBe(Number.POSITIVE_INFINITY);
    raceTimer.settle(undefined);
    raceTimer.hurry(60);
    expect(raceTimer.at).toBe(60);
  });
});
