import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { launchChromium } from '../browser/launch-chromium.js';
import { runAlone } from './run-alone.js';

/** The files of a page by their paths. */
export type Files = ReadonlyMap<string, string>;

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
