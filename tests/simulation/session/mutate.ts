import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import type { Mutant, PolicyMutant } from './mutant.js';
import type { RunResult } from './run-result.js';
import type { simulate } from './simulate.js';
import type { simulateMixed } from './simulate-mixed.js';

const here = fileURLToPath(new URL('.', import.meta.url));
const sources = join(here, '../../../packages/protocol/src/session');

/** The texts of the machine with this fault in them, by path. @throws where a patch does not match exactly once. */
export async function patchesOf({
  name,
  patches,
}: Pick<Mutant, 'name' | 'patches'>): Promise<ReadonlyMap<string, string>> {
  const patched = new Map<string, string>();
  for (const { file, find, put } of patches) {
    const path = join(sources, `${file}.ts`);
    const text = patched.get(path) ?? (await readFile(path, 'utf8'));
    const parts = text.split(find);
    if (parts.length !== 2) throw new Error(`${name}: ${parts.length - 1} matches in ${file} of: ${find}`);
    patched.set(path, parts.join(put));
  }
  return patched;
}

interface Simulator {
  readonly simulate: typeof simulate;
  readonly simulateMixed: typeof simulateMixed;
}

/** The simulator around a machine with this fault in it. */
async function simulatorOf(mutant: Pick<Mutant, 'name' | 'patches'>): Promise<Simulator> {
  const patched = await patchesOf(mutant);
  const { outputFiles } = await build({
    stdin: {
      contents: "export { simulate } from './simulate.ts'; export { simulateMixed } from './simulate-mixed.ts';",
      resolveDir: here,
    },
    bundle: true,
    write: false,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    conditions: ['source'],
    logLevel: 'error',
    logOverride: { 'suspicious-logical-operator': 'silent' },
    plugins: [
      {
        name: 'mutant',
        setup: (bundle) => {
          bundle.onLoad({ filter: /\/protocol\/src\/[a-z/-]+\.ts$/ }, ({ path }) => {
            const contents = patched.get(path);
            return contents === undefined ? undefined : { contents, loader: 'ts' };
          });
        },
      },
    ],
  });
  const code = Buffer.from(outputFiles[0]?.contents ?? []).toString('base64');
  return (await import(`data:text/javascript;base64,${code}`)) as Simulator;
}

export interface Finding {
  readonly seed: number;
  readonly broken: string;
}

/** The first seed that shows the mutant, `undefined` when none within its number does. */
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

/** How many times worse the figure is with the fault than without it, over the same seeds. */
export async function measurePolicy(mutant: PolicyMutant): Promise<number> {
  const measure = async (patches: Mutant['patches']): Promise<number> => {
    const { simulate: run } = await simulatorOf({ name: mutant.name, patches });
    const results = Array.from({ length: mutant.seeds }, (_, k) => run(k + 1, { profile: mutant.profile }));
    return figures[mutant.figure](results);
  };
  return (await measure(mutant.patches)) / (await measure([]));
}

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);

const figures: Readonly<Record<PolicyMutant['figure'], (results: readonly RunResult[]) => number>> = {
  latency: (results) => mean(results.flatMap(({ latencies }) => latencies)),
  repeated: (results) =>
    mean(results.map(({ bytesRepeated }) => bytesRepeated)) / mean(results.map(({ bytesSent }) => bytesSent)),
  left: (results) => mean(results.map(({ linksLeft }) => linksLeft)),
  carriers: (results) => mean(results.map(({ carriers }) => carriers)),
  closing: (results) => mean(results.flatMap(({ closingMs }) => closingMs ?? [])),
};
