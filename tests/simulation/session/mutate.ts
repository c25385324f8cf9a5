import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import type { Mutant } from './mutants.js';
import type { RunResult } from './simulate.js';

const here = fileURLToPath(new URL('.', import.meta.url));
const sources = join(here, '../../../packages/protocol/src/session');

/** The simulator around a machine with this fault in it. @throws where a patch does not match exactly once. */
export async function simulatorOf({ name, patches }: Mutant): Promise<(seed: number) => RunResult> {
  const patched = new Map<string, string>();
  for (const { file, find, put } of patches) {
    const path = join(sources, `${file}.ts`);
    const text = patched.get(path) ?? (await readFile(path, 'utf8'));
    const parts = text.split(find);
    if (parts.length !== 2) throw new Error(`${name}: ${parts.length - 1} matches in ${file} of: ${find}`);
    patched.set(path, parts.join(put));
  }
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
  const { simulate } = (await import(`data:text/javascript;base64,${code}`)) as typeof import('./simulate.js');
  return simulate;
}

export interface Finding {
  readonly seed: number;
  readonly broken: string;
}

/** The first seed that shows the mutant, `undefined` when none within its number does. */
export async function findMutant(mutant: Mutant): Promise<Finding | undefined> {
  const simulate = await simulatorOf(mutant);
  for (let seed = 1; seed <= mutant.within; seed += 1) {
    const { broken } = simulate(seed);
    if (broken) return { seed, broken };
  }
  return undefined;
}
