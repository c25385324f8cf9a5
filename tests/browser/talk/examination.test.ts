import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Report } from '@everywire/client/doctor';
import { createNetworkPath, type NetworkPath, openPath } from '@everywire/testkit';
import type { Browser } from 'playwright-core';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ServerProcess } from '../../durability/server-process.js';
import { launchChromium } from '../launch-chromium.js';
import { Person } from './person.js';

/** `npm run pictures` sets the variable, to renew the pictures in the documentation. */
const pictures = join(
  fileURLToPath(new URL('../../..', import.meta.url)),
  process.env['EVERYWIRE_PICTURES'] ?? 'artifacts',
);

let data: string;
let server: ServerProcess;
let browser: Browser;
let path: NetworkPath;

beforeAll(async () => {
  data = mkdtempSync(join(tmpdir(), 'everywire-examination-'));
  server = new ServerProcess(data);
  await server.start().started;
  path = await createNetworkPath(Number(new URL(server.url).port), { ...openPath(), webSocket: 'refused' });
  browser = await launchChromium();
});

afterAll(async () => {
  await browser?.close();
  await path?.close();
  await server?.stop();
  rmSync(data, { recursive: true });
});

it('a user examines the network in the settings, and reads what to change', async () => {
  const context = await browser.newContext({ locale: 'en-US', permissions: ['clipboard-read', 'clipboard-write'] });
  const ann = await Person.arrive(context, `http://localhost:${path.port}`, 'Ann');
  await ann.register();
  const { page } = ann;
  await page.getByRole('button', { name: 'Settings' }).click();
  await page.getByRole('tab', { name: 'Connection' }).click();
  await page.getByRole('button', { name: 'Examine the network' }).click();
  const status = page.locator('.examination [role=status]');
  await status.getByText('Conversations get through, by streaming').waitFor();
  await status.getByText('WebSockets are refused').waitFor();
  await status.getByText('proxy_set_header Upgrade $http_upgrade').waitFor();
  await page.getByRole('button', { name: 'Copy the result' }).click();
  const report = JSON.parse(await page.evaluate(() => navigator.clipboard.readText())) as Report;
  expect(report.findings.map(({ code }) => code)).toEqual(['websocket_refused']);
  expect(JSON.stringify(report)).not.toContain(await ann.token());
  expect(ann.problems).toEqual([]);
});

it.each([
  ['en', 'Amy'],
  ['zh', 'Bao'],
])('the result of an examination is drawn in %s', { tags: ['wide'] }, async (language, name) => {
  const strict = await createNetworkPath(Number(new URL(server.url).port), {
    ...openPath(),
    webSocket: 'refused',
    responses: 'buffered',
  });
  const context = await browser.newContext({ locale: 'en-GB', viewport: { width: 1_280, height: 1_000 } });
  const person = await Person.arrive(context, `http://localhost:${strict.port}`, name);
  await person.register();
  const { page } = person;
  await page.evaluate((chosen) => localStorage.setItem('everywire.preferences', JSON.stringify(chosen)), {
    language,
    theme: 'light',
  });
  await page.reload();
  await page.locator('.list .foot .icon').click();
  await page.getByRole('tab', { name: /^(Connection|连接)$/ }).click();
  await page.locator('.examination .button').click();
  await page.locator('.examination section').nth(1).waitFor();
  mkdirSync(pictures, { recursive: true });
  await sharp(await page.getByRole('dialog').screenshot({ animations: 'disabled', caret: 'hide' }))
    .webp({ quality: 82 })
    .toFile(join(pictures, `doctor.${language}.webp`));
  await context.close();
  await strict.close();
  expect(person.problems).toEqual([]);
});
