import { describe, expect, it } from 'vitest';
import { wideUnless } from '../../lane.js';
import { misfitsOf } from '../../mutation.js';
import { mutants as listed } from './mutants.js';
import { faultOf, findMutant, measurePolicy } from './mutate.js';
import { partMutants } from './part-mutants.js';
import { policyMutants } from './policy-mutants.js';
import { serverMutants } from './server-mutants.js';

// Injects one fault ("mutant") at a time into the source of the session, and expects that the simulator detects it. The
// name of a mutant begins with the number of the broken rule in `docs/spec/session.md`.

const mutants = [...listed, ...serverMutants, ...partMutants];

/** Mutants that need more seeds than this only run in `npm run test:long`. */
const within = process.env['EVERYWIRE_LONG'] ? Number.POSITIVE_INFINITY : 300;

/**
 * Mutants that `npm test` runs, to prove that the simulator can fail. They break two guarantees: no loss, and no early
 * acknowledgement.
 */
const quickMutants: readonly string[] = ['SN-6 acknowledges on receipt', 'SN-6 acknowledges one message too many'];

describe('the simulator detects a broken guarantee', () => {
  for (const mutant of mutants) {
    if (mutant.within > within) continue;
    it(mutant.name, { timeout: 300_000, tags: wideUnless(quickMutants.includes(mutant.name)) }, async () => {
      expect(await findMutant(mutant)).toBeDefined();
    });
  }
});

// This also runs in `npm test`, so that a change to a source line that a mutant quotes fails there already.
it('every fault fits the current source of the session', () => {
  expect(misfitsOf([...mutants, ...policyMutants].map(faultOf))).toEqual([]);
});

describe('the simulator measures a broken policy', () => {
  for (const mutant of policyMutants) {
    const tags = wideUnless(mutant === policyMutants[0]);
    it(`${mutant.name}: ${mutant.figure}`, { timeout: 60_000, tags }, async () => {
      expect(await measurePolicy(mutant)).toBeGreaterThan(mutant.factor);
    });
  }
});
