/**
 * Run by npm before it packs a package, in the directory of the package. Compiles it, and adds to `dist` what only
 * other programs need.
 *
 * - `dist/cjs`: the same files as CommonJS, with their types, for packages whose exports name it.
 * - `dist/everywire.min.js`: for packages with an `unpkg` field, everything in one file for a script element, as
 *   `window.everywire`; and `dist/everywire.legacy.min.js`, the same for every browser since Internet Explorer 6.
 */
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { runTool } from './check/tool.mjs';
import { buildLegacy } from './legacy/build-legacy.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const directory = process.cwd();
const manifest = JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8'));

// The package must not contain output of files that were removed from `src`.
rmSync(join(directory, 'dist'), { recursive: true, force: true });
const problem = runTool('typescript/bin/tsc', ['-b', directory]);
if (problem) throw new Error(problem);
cpSync(join(root, 'LICENSE'), join(directory, 'LICENSE'));
if (JSON.stringify(manifest.exports).includes('/cjs/')) await buildCommonJs();
if (manifest.unpkg) {
  await buildScript(join(directory, manifest.unpkg));
  writeFileSync(join(directory, 'dist/everywire.legacy.min.js'), await buildLegacy());
}

async function buildCommonJs() {
  const from = join(directory, 'dist');
  const to = join(from, 'cjs');
  const files = readdirSync(from, { recursive: true });
  await build({
    entryPoints: files.filter((file) => file.endsWith('.js')).map((file) => join(from, file)),
    outdir: to,
    outbase: from,
    format: 'cjs',
    platform: 'node',
    target: 'node22',
    // `import()` would make a bundler load ES modules; here every part is CommonJS.
    supported: { 'dynamic-import': false },
    logLevel: 'warning',
  });
  for (const file of files.filter((name) => name.endsWith('.d.ts'))) {
    mkdirSync(dirname(join(to, file)), { recursive: true });
    cpSync(join(from, file), join(to, file));
  }
  writeFileSync(join(to, 'package.json'), '{ "type": "commonjs" }\n');
}

async function buildScript(outfile) {
  await build({
    entryPoints: [join(directory, 'dist/index.js')],
    outfile,
    bundle: true,
    minify: true,
    format: 'iife',
    globalName: 'everywire',
    target: 'es2022',
    sourcemap: true,
    logLevel: 'warning',
  });
}
