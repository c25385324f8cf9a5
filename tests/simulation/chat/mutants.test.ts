import { describe, expect, it } from 'vitest';
import { wideUnless } from '../../lane.js';
import { misfitsOf } from '../../mutation.js';
import { mutants } from './mutants.js';
import { bundleMutant } from './run-mutant.js';
import { scenarios } from './scenarios.js';

// The simulation runs devices and server nodes of the chat with random faults, and checks their state. The second part
// injects one defect ("mutant") at a time into the source, and expects that the simulation detects the defect.

describe('scenarios', () => {
  for (const [name, run] of Object.entries(scenarios)) {
    it(`[CH-2] a scenario ends in a correct state: ${name}`, async () => {
      expect(await run()).toEqual([]);
    });
  }
});

describe('mutants', () => {
  // In `npm test`, so that a changed source line fails here before the mutants run.
  it('every injected defect fits the current source', () => {
    expect(misfitsOf(mutants)).toEqual([]);
  });

  for (const mutant of mutants) {
    it(`the simulation detects that ${mutant.name}`, {
      timeout: 120_000,
      tags: wideUnless(mutants.indexOf(mutant) < 4),
    }, async () => {
      const bundle = await bundleMutant(mutant);
      const { found } = mutant;
      if ('inScenario' in found) {
        const failures = await bundle.scenarios[found.inScenario]?.();
        expect(failures).not.toEqual([]);
        return;
      }
      expect(await firstFailure(bundle, found.withinSeeds)).not.toBeNull();
    });
  }
});

/** Returns the first seed that fails or throws; `null` if none does. */
async function firstFailure(
  { simulateSeed }: Awaited<ReturnType<typeof bundleMutant>>,
  seeds: number,
): Promise<number | null> {
  for (let seed = 1; seed <= seeds; seed += 1) {
    const isFailed = await simulateSeed(seed).then(
      ({ failures }) => failures.length > 0,
      () => true,
    );
    if (isFailed) return seed;
  }
  return null;
}
