import { describe, expect, it } from 'vitest';
import { mutants } from './mutants.js';
import { findMutant, measurePolicy, patchesOf } from './mutate.js';
import { policyMutants } from './policy-mutants.js';

/** What needs more seeds than this is left to `npm run test:long`. */
const within = process.env['EVERYWIRE_LONG'] ? Number.POSITIVE_INFINITY : 300;

describe('the simulator finds what breaks a guarantee', () => {
  for (const mutant of mutants) {
    if (mutant.within > within) continue;
    it(mutant.name, { timeout: 300_000 }, async () => {
      expect(await findMutant(mutant)).toBeDefined();
    });
  }
});

describe('every fault on the lists', () => {
  it.each([...mutants, ...policyMutants].map((mutant) => [mutant.name, mutant] as const))(
    '%s: fits the machine as it is',
    async (_, mutant) => {
      await expect(patchesOf(mutant)).resolves.toBeDefined();
    },
  );
});

describe('the simulator shows what breaks a policy', () => {
  for (const mutant of policyMutants) {
    it(`${mutant.name}: ${mutant.figure}`, { timeout: 60_000 }, async () => {
      expect(await measurePolicy(mutant)).toBeGreaterThan(mutant.factor);
    });
  }
});
