import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join, normalize, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));

/** A text that occurs exactly once in a file, and its replacement. */
export interface Patch {
  /** From the root of the repository. */
  readonly file: string;
  readonly find: string;
  readonly put: string;
}

/** A fault that is deliberately introduced into the sources, to verify that a test detects it. */
export interface BuiltInFault {
  readonly name: string;
  readonly patches: readonly Patch[];
}

/** Returns the texts with the fault, by path from the root. @throws Error if a patch does not match exactly once */
function patched({ name, patches }: BuiltInFault): ReadonlyMap<string, string> {
  const texts = new Map<string, string>();
  for (const { file: path, find, put } of patches) {
    const file = normalize(path);
    const parts = (texts.get(file) ?? readFileSync(join(root, file), 'utf8')).split(find);
    if (parts.length !== 2)
      throw new Error(`${name}: ${file} contains this ${parts.length - 1} times, not once: ${find}`);
    texts.set(file, parts.join(put));
  }
  return texts;
}

/** Returns one sentence for each fault that no longer fits the sources. */
export function misfitsOf(faults: readonly BuiltInFault[]): readonly string[] {
  return faults.flatMap((fault) => {
    try {
      patched(fault);
      return [];
    } catch (error) {
      return [String(error)];
    }
  });
}

/** Number of bundles built so far. */
let bundles = 0;

/**
 * Bundles a program with a fault, passes the file to `use`, resolves with its result, and removes the file.
 *
 * @param entry a file from the root, or a text that is resolved as if it were a file in the folder `from`
 * @throws Error if the fault does not fit, or if the program does not contain a patched file
 */
export async function withFault<T>(
  fault: BuiltInFault,
  entry: string | { readonly text: string; readonly from: string },
  use: (bundle: string) => Promise<T>,
): Promise<T> {
  const texts = patched(fault);
  const applied = new Set<string>();
  const directory = join(root, '.cache');
  mkdirSync(directory, { recursive: true });
  // A unique name for each, because a module is loaded once per name.
  bundles += 1;
  const outfile = join(directory, `fault-${process.pid}-${bundles}.mjs`);
  await build({
    ...(typeof entry === 'string'
      ? { entryPoints: [join(root, entry)] }
      : { stdin: { contents: entry.text, resolveDir: join(root, entry.from), loader: 'ts' } }),
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node22',
    conditions: ['source'],
    logLevel: 'error',
    logOverride: { 'suspicious-logical-operator': 'silent' },
    plugins: [
      {
        name: 'fault',
        setup: ({ onLoad }) => {
          onLoad({ filter: /\.ts$/ }, ({ path }) => {
            const file = relative(root, path);
            const contents = texts.get(file);
            if (contents === undefined) return null;
            applied.add(file);
            return { contents, loader: 'ts' };
          });
        },
      },
    ],
  });
  try {
    const missing = [...texts.keys()].filter((file) => !applied.has(file));
    if (missing.length > 0) throw new Error(`${fault.name}: the program does not contain ${missing.join()}`);
    return await use(outfile);
  } finally {
    rmSync(outfile, { force: true });
  }
}
