/**
 * Installs the packages, then bundles and runs a TypeScript program of this repository: `node scripts/run-built.mjs
 * tests/x/main.ts arguments`.
 */
import { spawn } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { install } from './install.mjs';

await install(console.error);
const { build } = await import('esbuild');
const root = fileURLToPath(new URL('..', import.meta.url));
const [entry, ...args] = process.argv.slice(2);
const outfile = join(root, '.cache', `${entry.replaceAll('/', '-').replace(/\.ts$/, '')}-${process.pid}.mjs`);
mkdirSync(join(root, '.cache'), { recursive: true });
await build({
  entryPoints: [join(root, entry)],
  outfile,
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node22',
  sourcemap: 'inline',
  conditions: ['source'],
  // esbuild looks for its executable next to its own file.
  external: ['esbuild'],
  // CommonJS libraries use `require` for builtin modules.
  banner: {
    js: "import { createRequire as requireOf } from 'node:module'; const require = requireOf(import.meta.url);",
  },
  logLevel: 'warning',
});
const child = spawn(process.execPath, ['--enable-source-maps', outfile, ...args], { stdio: 'inherit' });
child.on('exit', (code, signal) => {
  rmSync(outfile, { force: true });
  process.exit(code ?? (signal ? 1 : 0));
});
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
