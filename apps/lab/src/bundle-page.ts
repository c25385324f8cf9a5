import { basename, resolve } from 'node:path';
import { build } from 'esbuild';

/**
 * Bundles the lab's page and the page of a lane, each into one script. Returns the files by name. The paths are relative to the
 * root of the checkout, in which `npm run` starts programs.
 */
export async function bundlePage(): Promise<ReadonlyMap<string, string>> {
  const { outputFiles } = await build({
    entryPoints: ['lab.tsx', 'lane-frame.ts'].map((name) => resolve('apps/lab/page', name)),
    bundle: true,
    minify: true,
    // The files stay in memory. esbuild requires a folder for their names all the same.
    write: false,
    outdir: 'out',
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    jsx: 'automatic',
    conditions: ['source'],
    define: { 'process.env.NODE_ENV': '"production"' },
  });
  return new Map(outputFiles.map(({ path, text }) => [basename(path), text]));
}
