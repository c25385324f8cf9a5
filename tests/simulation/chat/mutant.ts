/** A defect put into the source on purpose: each text occurs exactly once in its file, or the run fails. */
export interface Mutant {
  readonly name: string;
  /** Where it must be found: within so many seeds, from 1 on, or in a scenario of its own, which random runs meet too seldom. */
  readonly found: { readonly withinSeeds: number } | { readonly inScenario: string };
  readonly patches: readonly { readonly file: string; readonly from: string; readonly to: string }[];
}

export const mutantOf = (name: string, found: number | string, file: string, from: string, to: string): Mutant => ({
  name,
  found: typeof found === 'number' ? { withinSeeds: found } : { inScenario: found },
  patches: [{ file, from, to }],
});
