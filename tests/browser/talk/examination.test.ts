import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Report } from '@everywire/client/doctor';
import { createNetworkPath, type NetworkPath, openPath } from '@everywire/testkit';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ServerProcess } from '../../durability/server-process.js';
import { launchChromium } from '../launch-chromium.js';
import { Person } from './person.js';

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
