import { pathToFileURL } from 'node:url';
import { type BuiltInFault, withFault } from '../../mutation.js';
import type { Mutant, PolicyMutant } from './mutant.js';
import type { RunResult } from './run-result.js';
import type { simulate } from './simulate.js';
import type { simulateMixed } from './simulate-mixed.js';

/** The exports of a bundled simulator. */
interface Simulator {
  readonly simulate: typeof simulate;
  readonly simulateMixed: typeof simulateMixed;
}

/** Converts a mutant into a fault with full paths of the source files. */
export const faultOf = ({ name, patches }: Pick<Mutant, 'name' | 'patches'>): BuiltInFault => ({
  name,
  patches: patches.map((patch) => ({ ...patch, file: `packages/protocol/src/session/${patch.file}.ts` })),
});

/** Bundles and loads the simulator with the fault in the source of the session. */
function simulatorOf(mutant: Pick<Mutant, 'name' | 'patches'>): Promise<Simulator> {
  const text = "export { simulate } from './simulate.ts'; export { simulateMixed } from './simulate-mixed.ts';";
  const entry = { text, from: 'tests/simulation/session' };
  return withFault(faultOf(mutant), entry, (bundle) => import(pathToFileURL(bundle).href));
}

/** The first violation that a mutant caused. */
export interface Finding {
  readonly seed: number;
  readonly broken: string;
}

/** Returns the first seed that shows the mutant; `undefined` if none within its limit does. */
export async function findMutant(mutant: Mutant): Promise<Finding | undefined> {
  const simulator = await simulatorOf(mutant);
  const options = mutant.profile ? { profile: mutant.profile } : {};
  for (let seed = 1; seed <= mutant.within; seed += 1) {
    const results = mutant.mixed ? simulator.simulateMixed(seed, options) : [simulator.simulate(seed, options)];
    const broken = results.find((result) => result.broken)?.broken;
    if (broken) return { seed, broken };
  }
  return undefined;
}

/** Returns how many times worse the figure is with the fault than without it, over the same seeds. */
export async function measurePolicy(mutant: PolicyMutant): Promise<number> {
  const measure = async (patches: Mutant['patches']): Promise<number> => {
    const { simulate: run } = await simulatorOf({ name: mutant.name, patches });
    const results = Array.from({ length: mutant.seeds }, (_, k) => run(k + 1, { profile: mutant.profile }));
    return figures[mutant.figure](results);
  };
  return (await measure(mutant.patches)) / (await measure([]));
}

/** The mean; 0 for no values. */
const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);

/** Computes each figure from the results of all runs. */
const figures: Readonly<Record<PolicyMutant['figure'], (results: readonly RunResult[]) => number>> = {
  latency: (results) => mean(results.flatMap(({ latencies }) => latencies)),
  repeated: (results) =>
    mean(results.map(({ bytesRepeated }) => bytesRepeated)) / mean(results.map(({ bytesSent }) => bytesSent)),
  left: (results) => mean(results.map(({ linksLeft }) => linksLeft)),
  carriers: (results) => mean(results.map(({ carriers }) => carriers)),
  closing: (results) => mean(results.flatMap(({ closingMs }) => closingMs ?? [])),
};
