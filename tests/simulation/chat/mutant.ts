import type { BuiltInFault } from '../../mutation.js';

/** A defect that is injected into the source, to prove that the simulation detects it. */
export interface Mutant extends BuiltInFault {
  /**
   * Where the defect must be found: within the seeds from 1 to `withinSeeds`, or in the scenario of that name, because
   * random runs meet it too seldom.
   */
  readonly found: { readonly withinSeeds: number } | { readonly inScenario: string };
}

/** Creates a mutant that replaces `find` by `put` in `file`. `found` is a number of seeds, or the name of a scenario. */
export const mutantOf = (name: string, found: number | string, file: string, find: string, put: string): Mutant => ({
  name,
  found: typeof found === 'number' ? { withinSeeds: found } : { inScenario: found },
  patches: [{ file, find, put }],
});
