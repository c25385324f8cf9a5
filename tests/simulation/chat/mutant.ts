import type { BuiltInFault } from '../../mutation.js';

/** A defect injected into the source. */
export interface Mutant extends BuiltInFault {
  /**
   * Where it must be found: within a number of seeds, from 1 on, or in its own scenario, which random runs meet too
   * seldom.
   */
  readonly found: { readonly withinSeeds: number } | { readonly inScenario: string };
}

export const mutantOf = (name: string, found: number | string, file: string, find: string, put: string): Mutant => ({
  name,
  found: typeof found === 'number' ? { withinSeeds: found } : { inScenario: found },
  patches: [{ file, find, put }],
});
