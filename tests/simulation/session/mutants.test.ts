import { describe, expect, it } from 'vitest';
import { wideUnless } from '../../lane.js';
import { misfitsOf } from '../../mutation.js';
import { mutants as listed } from './mutants.js';
import { faultOf, findMutant, measurePolicy } from './mutate.js';
import { partMutants } from './part-mutants.js';
import { policyMutants } from './policy-mutants.js';
import { serverMutants } from './server-mutants.js';

const mutants = [...listed, ...serverMutants, ...partMutants];

/** What needs more seeds than this is left to `npm run test:long`. */
const within = process.env['EVERYWIRE_LONG'] ? Number.POSITIVE_INFINITY : 300;

/** `npm test` shows that the simulator can fail, with one fault of each guarantee: lost, and acknowledged too early. */
const quickMutants: readonly string[] = ['SN-6 acknowledges on receipt', 'SN-6 acknowledges one too many'];

describe('the simulator finds what breaks a guarantee', () => {
  for (const mutant of mutants) {
    if (mutant.within > within) continue;
    it(mutant.name, { timeout: 300_000, tags: wideUnless(quickMutants.includes(mutant.name)) }, async () => {
      expect(await findMutant(mutant)).toBeDefined();
    });
  }
});

// In `npm test`, because whoever changes a line that a fault is made of should hear of it before the faults themselves run.
it('every fault on the lists fits the machine as it is', () => {
  expect(misfitsOf([...mutants, ...policyMutants].map(faultOf))).toEqual([]);
});

describe('the simulator shows what breaks a policy', () => {
  for (const mutant of policyMutants) {
    const tags = wideUnless(mutant === policyMutants[0]);
    it(`${mutant.name}: ${mutant.figure}`, { timeout: 60_000, tags }, async () => {
      expect(await measurePolicy(mutant)).toBeGreaterThan(mutant.factor);
    });
  }
});
