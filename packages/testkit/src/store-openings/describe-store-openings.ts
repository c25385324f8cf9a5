import { describe, it } from 'vitest';
import { createRandom } from '../seeded-random.js';
import type { CreateStore, OpenStore } from '../store-under-test.js';
import { lowLimits } from '../touch-message.js';
import { accountRules } from './account-rules.js';
import { fileRules } from './file-rules.js';
import { logRules } from './log-rules.js';
import { memberRules } from './member-rules.js';
import { type OpeningRule, openTwice } from './race.js';
import { checkSeededRun } from './seeded-checks.js';
import { SeededRun } from './seeded-run.js';

/** All rules: properties of the data that concurrent openings must not break. */
export const openingRules: readonly OpeningRule[] = [...logRules, ...memberRules, ...accountRules, ...fileRules];

/** Describes one store with several concurrent openings, like nodes. */
export function describeStoreOpenings(open: OpenStore): void {
  describe.each(['here', 'there'] as const)('two openings, %s commits first', (first) => {
    it.each(openingRules)('$title', async ({ limits: changed = {}, check }) => {
      const limits = lowLimits(changed);
      await check(await openTwice(await open(limits), limits), first);
    });
  });
}

/** Describes random changes at two openings, held and released in random order, for each seed. */
export function describeStoreOpeningSeeds(name: string, createStore: CreateStore, seeds: readonly number[]): void {
  describe(`store at two openings: ${name}`, () => {
    it.each(seeds)('[CH-2] keeps acknowledged changes once and counts them correctly: seed %i', async (seed) => {
      await runOpeningSeed(createStore, seed);
    });
  });
}

/** Runs one seed; rejects if a check fails. */
export async function runOpeningSeed(createStore: CreateStore, seed: number): Promise<void> {
  const limits = lowLimits({ smallMembersMax: 4, listEntriesMax: 3 });
  const underTest = await createStore(limits);
  try {
    const openings = await openTwice(underTest, limits);
    const run = new SeededRun(openings, createRandom(seed));
    await run.run();
    await checkSeededRun(run, openings);
  } finally {
    await underTest.dispose();
  }
}
