import { execFile } from 'node:child_process';
import { mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import type { CheckResult } from '../../packages/conformance/src/index.js';
import type { Patch } from './faults.js';

const root = fileURLToPath(new URL('../..', import.meta.url));

/**
 * Runs the suite against our server, with these patches in its sources, in a process of its own.
 *
 * @param waitMsMax leaves out checks that wait longer.
 *
 * @throws Error where a patch does not match exactly once: the fault is to be built in at another place.
 */
export async function runSuite(
  name: string,
  patches: readonly Patch[],
  waitMsMax = Number.POSITIVE_INFINITY,
): Promise<readonly CheckResult[]> {
  const patched = new Map<string, string>();
  for (const { file, find, put } of patches) {
    const path = join(root, 'packages', file);
    const text = patched.get(path) ?? (await readFile(path, 'utf8'));
    const parts = text.split(find);
    if (parts.length !== 2) throw new Error(`${parts.length - 1} matches in ${file} of: ${find}`);
    patched.set(path, parts.join(put));
  }
  const outfile = join(root, '.cache', `conformance-${name.replaceAll(/\W+/g, '-')}-${process.pid}.mjs`);
  await mkdir(join(root, '.cache'), { recursive: true });
  await build({
    entryPoints: [join(root, 'tests/conformance/main.ts')],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    conditions: ['source'],
    logLevel: 'error',
    plugins: [
      {
        name: 'fault',
        setup: (bundle) => {
          bundle.onLoad({ filter: /\/packages\/.*\.ts$/ }, ({ path }) => {
            const contents = patched.get(path);
            return contents === undefined ? undefined : { contents, loader: 'ts' };
          });
        },
      },
    ],
  });
  try {
    const { stdout } = await promisify(execFile)(process.execPath, [outfile, String(waitMsMax)], {
      maxBuffer: 1 << 24,
      timeout: 100_000,
    });
    return JSON.parse(stdout) as readonly CheckResult[];
  } finally {
    await rm(outfile, { force: true });
  }
}
