import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import type { Mutant, PolicyMutant } from './mutant.js';
import type { RunResult } from './run-result.js';
import type { simulate } from './simulate.js';

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

/** The simulator around a machine with this fault in it. */
async function simulatorOf(mutant: Pick<Mutant, 'name' | 'patches'>): Promise<typeof simulate> {
  const patched = await patchesOf(mutant);
  const { outputFiles } = await build({
    entryPoints: [join(here, 'simulate.ts')],
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
          bundle.onLoad({ filter: /\/session\/[a-z-]+\.ts$/ }, ({ path }) => {
            const contents = patched.get(path);
            return contents === undefined ? undefined : { contents, loader: 'ts' };
          });
        },
      },
    ],
  });
  const code = Buffer.from(outputFiles[0]?.contents ?? []).toString('base64');
  const module = (await import(`data:text/javascript;base64,${code}`)) as { readonly simulate: typeof simulate };
  return module.simulate;
}

export interface Finding {
  readonly seed: number;
  readonly broken: string;
}

/** The first seed that shows the mutant, `undefined` when none within its number does. */
export async function findMutant(mutant: Mutant): Promise<Finding | undefined> {
  const run = await simulatorOf(mutant);
  for (let seed = 1; seed <= mutant.within; seed += 1) {
    const { broken } = run(seed, mutant.profile ? { profile: mutant.profile } : {});
    if (broken) return { seed, broken };
  }
  return undefined;
}

/** How many times worse the figure is with the fault than without it, over the same seeds. */
export async function measurePolicy(mutant: PolicyMutant): Promise<number> {
  const measure = async (patches: Mutant['patches']): Promise<number> => {
    const run = await simulatorOf({ name: mutant.name, patches });
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
