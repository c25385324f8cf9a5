// Writes screenshots of every state of the page to artifacts/page/, from the fixture. Usage: node apps/web/scripts/screenshots.mjs [name
// part]
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import { build } from 'vite';
import { drawPicture } from './scene-acts.mjs';
import { shots } from './scenes.mjs';
import { servePage } from './serve-page.mjs';

const here = fileURLToPath(new URL('.', import.meta.url));
const target = join(here, '../../../artifacts/page');
const wanted = process.argv[2] ?? '';
const built = await mkdtemp(join(tmpdir(), 'everywire-fixture-'));
await build({
  configFile: join(here, '../fixtures/vite.config.ts'),
  build: { outDir: built },
  logLevel: 'warn',
});
const server = await servePage(built);
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: [
    '--no-sandbox',
    '--disable-gpu',
    '--disable-background-networking',
    '--no-first-run',
    '--use-fake-device-for-media-stream',
    '--use-fake-ui-for-media-stream',
  ],
});
await mkdir(target, { recursive: true });
for (const [name, query, viewport, act] of shots) {
  if (!name.includes(wanted)) continue;
  const context = await browser.newContext({ viewport, locale: 'zh-CN' });
  const page = await context.newPage();
  page.on('console', (message) => message.type() === 'error' && console.error(`${name}: ${message.text()}`));
  page.on('pageerror', (error) => console.error(`${name}: ${error}`));
  await page.route('**/api/files/**', drawPicture);
  await page.goto(`${server.origin}/${query}`);
  await page.locator('main, .columns').first().waitFor();
  await page.waitForTimeout(250);
  if (act !== undefined) await act(page);
  await page.waitForTimeout(250);
  await page.screenshot({ path: join(target, `${name}.png`) });
  await context.close();
}
await browser.close();
await server.close();
await rm(built, { recursive: true });
console.log(`Screenshots are in ${target}`);
