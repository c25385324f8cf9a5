import { describe, expect, it } from 'vitest';
import { CensusTotal } from './census.js';
import { simulateMixed } from './simulate-mixed.js';

/** Number of runs. Each run has two sessions. */
const seeds = 150;

describe('two sessions whose answers a proxy mixes up', () => {
  const results = Array.from({ length: seeds }, (_, k) => simulateMixed(k + 1)).flat();

  it('[SN-1] [SN-4] [SN-7] [SN-9] neither of two mixed-up sessions takes a message of the other, or one ends with `lost`', () => {
    expect(results.filter(({ broken }) => broken)).toEqual([]);
  });

  it('two sessions are mixed up often, in whole answers and in the middle of streams, and mostly end clean', () => {
    const census = new CensusTotal();
    for (const { faults } of results) census.add(faults);
    const runsOf = new Map(census.rows.map(([name, runs]) => [name, runs]));
    expect(runsOf.get('answer given to another session')).toBeGreaterThan(seeds / 2);
    expect(runsOf.get('stream continued by that of another session')).toBeGreaterThan(seeds / 10);
    expect(results.filter(({ clean }) => clean).length).toBeGreaterThan(seeds);
  });
});
