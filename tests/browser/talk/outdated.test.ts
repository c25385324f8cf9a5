/** @module-tag wide: tests of apps/web test when a page is reloaded; this is a browser that does it. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ServerProcess } from '../../durability/server-process.js';
import { launchChromium } from '../launch-chromium.js';
import { Person } from './person.js';

let data: string;
let server: ServerProcess;
let browser: Browser;

beforeAll(async () => {
  data = mkdtempSync(join(tmpdir(), 'everywire-outdated-'));
  server = new ServerProcess(data);
  await server.start().started;
  browser = await launchChromium();
});
afterAll(async () => {
  await browser?.close();
  await server?.stop();
  rmSync(data, { recursive: true });
});

it('[SN-42.4] a page reloads once when its server has another version, shows that it is offline if that does not help, and works after the next load', async () => {
  const ann = await Person.arrive(await browser.newContext({ locale: 'en-US' }), server.url, 'Ann');
  await ann.register();
  const { page } = ann;
  let loads = 0;
  page.on('load', () => {
    loads += 1;
  });
  // The answers of a server of the next version: no WebSocket, and a refusal by POST.
  await page.routeWebSocket(/\/everywire\/websocket/, (socket) => socket.close());
  await page.route('**/everywire/open', (route) => {
    const { nonce } = route.request().postDataJSON() as { readonly nonce: string };
    return route.fulfill({ json: { t: 'refused', code: 'wire_version', nonce } });
  });
  await page.reload();
  // The text may be visible for a moment before the page reloads.
  await expect.poll(() => loads, { timeout: 30_000 }).toBe(2);
  const cut = page.getByText('Offline').first();
  await cut.waitFor();
  expect(loads).toBe(2);
  await page.unrouteAll({ behavior: 'ignoreErrors' });
  const next = await page.context().newPage();
  await next.goto(server.url);
  await next.getByRole('navigation', { name: 'Conversations' }).waitFor();
  expect(ann.problems).toEqual([]);
});

it('a tab that requests a replaced file of the page shows that a new version is available, and reloads with its draft', async () => {
  const bo = await Person.arrive(await browser.newContext({ locale: 'en-US' }), server.url, 'Bo');
  await bo.register();
  const cleo = await Person.arrive(await browser.newContext({ locale: 'en-US' }), server.url, 'Cleo');
  const { page } = cleo;
  // An upgrade renames the files of the page.
  await page.route(/assets\/settings-dialog/, (route) => route.fulfill({ status: 404 }));
  await cleo.register();
  await cleo.startTalking('Bo');
  const reload = page.getByRole('button', { name: 'Reload' });
  const settings = page.getByRole('button', { name: 'Settings' });
  await settings.click();
  expect(await reload.count()).toBe(0);
  await page.route(`${server.url}/`, async (route) => {
    if (route.request().isNavigationRequest()) return route.continue();
    const response = await route.fetch();
    return route.fulfill({
      response,
      body: (await response.text()).replaceAll('/assets/index-', '/assets/index-new-'),
    });
  });
  const composer = page.getByLabel('Message', { exact: true });
  await composer.fill('not sent yet');
  const reloaded = page.waitForEvent('load');
  await reload.click();
  await reloaded;
  await expect.poll(() => composer.inputValue().catch(() => '')).toBe('not sent yet');
  await page.unrouteAll({ behavior: 'ignoreErrors' });
  await page.reload();
  await settings.click();
  await page.getByRole('dialog', { name: 'Settings' }).waitFor();
  expect(await reload.count()).toBe(0);
});
