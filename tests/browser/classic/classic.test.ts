import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import axe from 'axe-core';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { type ClassicServer, createClassicServer } from '../../../apps/classic/src/classic-server.js';
import { examples } from '../../../apps/classic/src/examples.js';
import { type ClassicOptions, readOptions } from '../../../apps/classic/src/options.js';
import { launchChromium } from '../launch-chromium.js';

let browser: Browser;
let server: ClassicServer;
let page: Page;

beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser.close());
afterEach(async () => {
  await page.close();
  server.close();
  server.http.closeAllConnections();
});

async function open(path: string, options: Partial<ClassicOptions> = {}): Promise<void> {
  const read = readOptions([], {}) as ClassicOptions;
  server = createClassicServer({ ...read, intervalMs: 50, ...options });
  server.http.listen(0, '127.0.0.1');
  await once(server.http, 'listening');
  page = await browser.newPage();
  await page.goto(`http://127.0.0.1:${(server.http.address() as AddressInfo).port}${path}`);
}

const time = /\d{4}-\d\d-\d\dT[\d:.]+Z/;
/** What the page of each example shows in a modern browser. */
const shown: Readonly<Record<string, RegExp>> = {
  'short-polling': time,
  'long-polling': new RegExp(`${time.source}\n${time.source}`),
  'xhr-streaming': /^message 1,[\s\S]*message 9,[\s\S]*message 10,.*\nthe stream has ended\n$/,
  'fetch-streaming': /^message 1,[\s\S]*message 9,[\s\S]*message 10,.*\nthe stream has ended\n$/,
  'event-source': /^1: message 1,[\s\S]*10: message 10,.*\nasks again\n11: message 11,/,
  iframe: /^message 1,[\s\S]*message 10,/,
  cors: time,
  jsonp: time,
  websocket: /^open, subprotocol chat\nhello\nbytes: 1 2 3\n$/,
};

it.each(Object.entries(shown))('the page of %s shows what the server sends', async (name, expected) => {
  await open(`/examples/${name}`, { variants: new Set(name === 'long-polling' ? [name] : []) });
  await expect.poll(() => page.locator('#out').textContent(), { timeout: 60_000 }).toMatch(expected);
});

it('a stream is shown as it arrives', async () => {
  await open('/examples/xhr-streaming', { intervalMs: 60_000 });
  await expect.poll(() => page.locator('#out').textContent(), { timeout: 60_000 }).toMatch(/^message 1, .*\n$/);
});

it('a page of the allowed origin reads across origins, and another page does not', async () => {
  const { script } = examples.find(({ name }) => name === 'cors') ?? { script: '' };
  // The server of a person who follows the tutorial.
  const own = createServer((_request, response) => {
    const port = String((server.http.address() as AddressInfo).port);
    const scripts = ['function show(text) { out.append(text); }', script.replace('location.port', port)];
    response.setHeader('Content-Type', 'text/html');
    response.end(`<pre id="out"></pre>${scripts.map((each) => `<script>${each}</script>`).join('')}`);
  });
  own.listen(0, '127.0.0.1');
  await once(own, 'listening');
  const origin = `http://localhost:${(own.address() as AddressInfo).port}`;
  await open('/examples/cors', { origin });
  const said = page.locator('#out');
  await page.goto(page.url().replace('127.0.0.1', 'localhost'));
  await expect.poll(() => said.textContent(), { timeout: 60_000 }).toMatch(/may not read it: http:\/\/localhost:/);
  await page.goto(origin);
  await expect.poll(() => said.textContent(), { timeout: 60_000 }).toMatch(time);
  own.close();
  own.closeAllConnections();
});

it.each(['en', 'zh'])(
  'the index lists every example, runs each next to its source, and is accessible: %s',
  async (language) => {
    await open(`/?lang=${language}`);
    expect(await page.locator('article').count()).toBe(examples.length);
    await page.setViewportSize({ width: 390, height: 800 });
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
    await page
      .locator('article', { has: page.locator('#websocket') })
      .locator('.button')
      .press('Enter');
    await expect.poll(() => page.frameLocator('[name=run-websocket]').locator('#out').textContent()).toContain('hello');
    await page.evaluate(axe.source);
    const { violations } = await page.evaluate(() => (window as unknown as { axe: typeof axe }).axe.run());
    expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);
  },
);
