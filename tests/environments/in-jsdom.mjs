/**
 * Runs conversations in a window of jsdom, and writes their results as one line of JSON. The arguments are the server's
 * address, the transports, the path of jsdom, and the names of Node's globals that the window gets, because jsdom lacks
 * `fetch` and test environments add it.
 */
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const [url, transports, jsdom, globals] = process.argv.slice(2);
const { JSDOM } = createRequire(import.meta.url)(jsdom);
const { window } = new JSDOM('', { url, runScripts: 'outside-only', pretendToBeVisual: true });
for (const name of globals.split(',')) window[name] = globalThis[name];
const { outputFiles } = await build({
  entryPoints: [fileURLToPath(new URL('window-program.mjs', import.meta.url))],
  bundle: true,
  format: 'iife',
  write: false,
});
window.eval(outputFiles[0].text);
console.log(JSON.stringify(await window.converseByAll(url, transports.split(','))));
process.exit();
