import { basename, resolve } from 'node:path';
import { build } from 'esbuild';

/**
 * Bundles the lab's page and the page of a lane, each into one script. `npm run` starts programs in the checkout's
 * root.
 */
export async function bundlePage(): Promise<ReadonlyMap<string, string>> {
  const { outputFiles } = await build({
    entryPoints: ['lab.tsx', 'lane-frame.ts'].map((name) => resolve('apps/lab/page', name)),
    ...{
      bundle: true,
      minify: true,
      write: false,
      format: 'esm',
      platform: 'browser',
      target: 'es2022',
      outdir: 'out',
    },
    jsx: 'automatic',
    conditions: ['source'],
    define: { 'process.env.NODE_ENV': '"production"' },
  });
  return new Map(outputFiles.map(({ path, text }) => [basename(path), text]));
}
