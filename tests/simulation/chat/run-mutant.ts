import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build, type Plugin } from 'esbuild';
import type { Mutant } from './mutant.js';
import type * as scenarios from './scenarios.js';
import type * as simulation from './simulate.js';

const root = fileURLToPath(new URL('../../..', import.meta.url));

type Bundle = typeof simulation & typeof scenarios;

/** Bundles the simulation with the patches applied, and gives what it exports. */
export async function bundleMutant(mutant: Mutant): Promise<Bundle> {
  const applied = new Set<string>();
  const directory = join(root, '.cache');
  const outfile = join(directory, `mutant-${mutant.name.replaceAll(/[^a-z]+/g, '-')}-${process.pid}.mjs`);
  mkdirSync(directory, { recursive: true });
  await build({
    stdin: {
      contents: "export * from './simulate.ts'; export * from './scenarios.ts';",
      resolveDir: join(root, 'tests/simulation/chat'),
      loader: 'ts',
    },
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    conditions: ['source'],
    logLevel: 'silent',
    plugins: [patch(mutant, applied)],
  });
  const missing = mutant.patches.filter(({ file }) => !applied.has(file));
  if (missing.length > 0)
    throw new Error(`${mutant.name}: the simulation does not contain ${missing.map(({ file }) => file).join()}`);
  try {
    return await import(pathToFileURL(outfile).href);
  } finally {
    rmSync(outfile, { force: true });
  }
}

/** The text of one file with the defect in it. @throws where a patch does not match exactly once */
function patched({ name, patches }: Mutant, file: string): string {
  let source = readFileSync(join(root, file), 'utf8');
  for (const { from, to } of patches.filter((each) => each.file === file)) {
    const found = source.split(from).length - 1;
    if (found !== 1) throw new Error(`${name}: ${file} contains the text ${found} times, not once: ${from}`);
    source = source.replace(from, () => to);
  }
  return source;
}

/** Why a defect cannot be put into the source as it is: a sentence for each file. */
export function misfitsOf(mutant: Mutant): readonly string[] {
  const files = new Set(mutant.patches.map(({ file }) => file));
  return [...files].flatMap((file) => {
    try {
      patched(mutant, file);
      return [];
    } catch (error) {
      return [String(error)];
    }
  });
}

function patch(mutant: Mutant, applied: Set<string>): Plugin {
  return {
    name: 'mutant',
    setup: ({ onLoad }) => {
      onLoad({ filter: /\.ts$/ }, ({ path }) => {
        const file = relative(root, path);
        if (!mutant.patches.some((each) => each.file === file)) return null;
        applied.add(file);
        return { contents: patched(mutant, file), loader: 'ts' };
      });
    },
  };
}
