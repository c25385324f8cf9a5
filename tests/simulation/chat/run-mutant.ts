import { pathToFileURL } from 'node:url';
import { withFault } from '../../mutation.js';
import type { Mutant } from './mutant.js';
import type * as scenarios from './scenarios.js';
import type * as simulation from './simulate.js';

type Bundle = typeof simulation & typeof scenarios;

/** Bundles the simulation with the defect in its source, loads the bundle, and returns its exports. */
export function bundleMutant(mutant: Mutant): Promise<Bundle> {
  const text = "export * from './simulate.ts'; export * from './scenarios.ts';";
  return withFault(mutant, { text, from: 'tests/simulation/chat' }, (bundle) => import(pathToFileURL(bundle).href));
}
