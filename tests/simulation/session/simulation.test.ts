import { describe, expect, it } from 'vitest';
import { CensusTotal } from './census.js';
import { simulate } from './simulate.js';
import { simulateMixed } from './simulate-mixed.js';

// Simulates a real client and server of one session over a network with random faults. A seed determines one run.

/** Number of runs. */
const seeds = 500;

describe('both ends over the seeded network', () => {
  const results = Array.from({ length: seeds }, (_, k) => simulate(k + 1));

  it('[SN-1] [SN-2] [SN-3] [SN-4] [SN-5] both ends keep every guarantee and invariant over the seeded network', () => {
    expect(results.filter(({ broken }) => broken)).toEqual([]);
  });

  it('the simulator injects every fault it knows, so that none is silently missing', () => {
    const census = new CensusTotal();
    const mixed = Array.from({ length: 20 }, (_, k) => simulateMixed(k + 1)).flat();
    for (const { faults } of [...results, ...mixed]) census.add(faults);
    expect(census.missing).toEqual([]);
  });

  it('the runs include rollbacks and removed frames with and without effect, and clean ends', () => {
    const count = (test: (result: (typeof results)[number]) => boolean): number => results.filter(test).length;
    expect(count(({ clean }) => clean)).toBeGreaterThan(seeds / 2);
    expect(count(({ rolledBack }) => rolledBack === 'lost')).toBeGreaterThan(0);
    expect(count(({ rolledBack }) => rolledBack === 'survived')).toBeGreaterThan(0);
    expect(count(({ removed }) => removed === 'lost')).toBeGreaterThan(0);
  });

  it('the same seed gives the same run', () => {
    expect(simulate(7)).toEqual(results[6]);
  });
});
