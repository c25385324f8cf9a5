import { describe, expect, it } from 'vitest';
import { simulate } from './simulate.js';

const seeds = 300;

describe('both ends over the seeded network', () => {
  const results = Array.from({ length: seeds }, (_, k) => simulate(k + 1));

  it('[SN-1] [SN-2] [SN-3] [SN-4] [SN-5] keeps every guarantee and invariant', () => {
    expect(results.filter(({ broken }) => broken)).toEqual([]);
  });

  it('meets what it is made for: faults, rollbacks, removed frames, clean ends', () => {
    const count = (test: (result: (typeof results)[number]) => boolean): number => results.filter(test).length;
    expect(count(({ clean }) => clean)).toBeGreaterThan(seeds / 2);
    expect(count(({ rolledBack }) => rolledBack === 'lost')).toBeGreaterThan(0);
    expect(count(({ rolledBack }) => rolledBack === 'survived')).toBeGreaterThan(0);
    expect(count(({ removed }) => removed === 'lost')).toBeGreaterThan(0);
  });

  it('is the same run for the same seed', () => {
    expect(simulate(7)).toEqual(results[6]);
  });
});
