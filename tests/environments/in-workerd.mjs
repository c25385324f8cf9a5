/**
 * Runs conversations in workerd, the runtime of Cloudflare Workers, and writes their results as one line of JSON. The
 * arguments are the server's address, the transports, and the main file of miniflare.
 */
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const [url, transports, miniflare] = process.argv.slice(2);
const { Miniflare } = await import(pathToFileURL(miniflare).href);
const { outputFiles } = await build({
  entryPoints: [fileURLToPath(new URL('workerd-program.mjs', import.meta.url))],
  bundle: true,
  format: 'esm',
  // Those of wrangler, Cloudflare's command.
  conditions: ['workerd', 'worker', 'browser'],
  write: false,
});
const worker = new Miniflare({ modules: true, script: outputFiles[0].text, compatibilityDate: '2026-07-01' });
const body = JSON.stringify({ url, transports: transports.split(',') });
const answer = await worker.dispatchFetch('http://localhost/', { method: 'POST', body });
console.log(await answer.text());
await worker.dispose();
