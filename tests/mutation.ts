import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join, normalize, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Text that occurs exactly once in a file, and what stands there instead. */
export interface Patch {
  /** From the root of the repository. */
  readonly file: string;
  readonly find: string;
  readonly put: string;
}

/** A fault that is put into the sources on purpose, to see that a test finds it. */
export interface BuiltInFault {
  readonly name: string;
  readonly patches: readonly Patch[];
}

/** The texts with the fault in them, by path from the root. @throws Error where a patch does not match exactly once */
function patched({ name, patches }: BuiltInFault): ReadonlyMap<string, string> {
  const texts = new Map<string, string>();
  for (const { file: named, find, put } of patches) {
    const file = normalize(named);
    const parts = (texts.get(file) ?? readFileSync(join(root, file), 'utf8')).split(find);
    if (parts.length !== 2) throw new Error(`${name}: ${file} has this ${parts.length - 1} times, not once: ${find}`);
    texts.set(file, parts.join(put));
  }
  return texts;
}

/** Why faults cannot be put into the sources as they are: a sentence for each that cannot. */
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

let bundles = 0;

/**
 * Bundles a program with a fault in it and resolves with what `use` makes of the file, which is then removed.
 *
 * @param entry a file from the root, or the text of one that is read as if it lay in the folder `from`
 * @throws Error where the fault does not fit, or where a file that it is in is no part of the program
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
  // A name of its own for each: a module is loaded once a name.
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
    target: 'node20',
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
