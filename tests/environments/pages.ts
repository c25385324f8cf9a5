import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundlePage } from '../browser/bundle-page.js';
import { launchChromium } from '../browser/launch-chromium.js';
import { runAlone } from './run-alone.js';

/** The files of a page by their paths. */
export type Files = ReadonlyMap<string, string>;

/** Builds a page that runs conversations in a service worker. Its transports are separate files, as in production. */
export async function buildServiceWorkerPage(): Promise<Files> {
  const page = `<!doctype html><script type="module">
    const { serviceWorker } = navigator;
    serviceWorker.register('/service-worker-program.js', { type: 'module' });
    window.converseByAll = async (transports) => {
      const { active } = await serviceWorker.ready;
      const results = new Promise((resolve) => { serviceWorker.onmessage = ({ data }) => resolve(data); });
      active.postMessage(transports);
      return results;
    };
  </script>`;
  return new Map([...(await bundlePage(new URL('service-worker-program.mjs', import.meta.url))), ['/', page]]);
}

/** Builds `vite-page`, which runs conversations in a module worker, with the settings that a new project has. */
export async function buildVitePage(): Promise<Files> {
  const folder = mkdtempSync(join(tmpdir(), 'everywire-vite-'));
  const args = ['--outDir', folder, '--emptyOutDir', '--logLevel', 'warn'];
  await runAlone(process.execPath, ['node_modules/vite/bin/vite.js', 'build', 'tests/environments/vite-page', ...args]);
  const paths = readdirSync(folder, { recursive: true })
    .map(String)
    .filter((path) => statSync(join(folder, path)).isFile());
  const files = new Map(paths.map((path) => [`/${path}`, readFileSync(join(folder, path), 'utf8')]));
  files.set('/', files.get('/index.html')!);
  rmSync(folder, { recursive: true });
  return files;
}

/** Runs the conversations of a page in Chromium. @returns their results as JSON */
export async function converseInChromium(url: string, transports: readonly string[]): Promise<string> {
  const browser = await launchChromium();
  try {
    const page = await browser.newPage();
    await page.goto(new URL('/', url).href);
    await page.waitForFunction(() => 'converseByAll' in window);
    return await page.evaluate(async (names) => JSON.stringify(await window.converseByAll(names)), transports);
  } finally {
    await browser.close();
  }
}

declare global {
  interface Window {
    converseByAll(transports: readonly string[]): Promise<unknown>;
  }
}
