import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

/**
 * Bundles a page from the current sources. The transports are separate files, as in production. Returns the text of each
 * file by its path.
 */
export async function bundlePage(page: URL): Promise<ReadonlyMap<string, string>> {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(page)],
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'browser',
    conditions: ['source'],
    outdir: 'out',
    write: false,
  });
  return new Map(outputFiles.map((file) => [`/${basename(file.path)}`, file.text]));
}
