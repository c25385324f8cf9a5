/** @module-tag wide: tests of apps/web and packages/chat-server test what is sent; this is the sum on the wire. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, BrowserContext } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ServerProcess } from '../../durability/server-process.js';
import { launchChromium } from '../launch-chromium.js';
import { Person } from './person.js';

/** The limits in bytes on the wire, with headers, in Brotli. */
const FORM_MAX = 137_000;
const CONVERSATIONS_MAX = 238_000;

let data: string;
let server: ServerProcess;
let browser: Browser;

beforeAll(async () => {
  data = mkdtempSync(join(tmpdir(), 'everywire-weight-'));
  server = new ServerProcess(data);
  await server.start().started;
  browser = await launchChromium();
});
afterAll(async () => {
  await browser?.close();
  await server?.stop();
  rmSync(data, { recursive: true, force: true });
});

/** Runs in the page: notes when an element that matches appears. */
function noteShown(selector: string): void {
  new MutationObserver((_changes, observer) => {
    if (document.querySelector(selector) === null) return;
    observer.disconnect();
    Object.assign(window, { shownAt: performance.timeOrigin + performance.now() });
  }).observe(document, { childList: true, subtree: true });
}

interface Answer {
  readonly path: string;
  readonly bytes: number;
  readonly coding: string | undefined;
}

/** Loads the page without a cache. Returns the answers to all requests that were sent before `selector` appeared. */
async function load(context: BrowserContext, selector: string): Promise<readonly Answer[]> {
  const page = await context.newPage();
  const devTools = await context.newCDPSession(page);
  const sent = new Map<string, { readonly path: string; readonly atMs: number }>();
  const codings = new Map<string, string | undefined>();
  const sizes = new Map<string, number>();
  devTools.on('Network.requestWillBeSent', ({ requestId, request, wallTime }) =>
    sent.set(requestId, { path: new URL(request.url).pathname, atMs: wallTime * 1_000 }),
  );
  devTools.on('Network.responseReceived', ({ requestId, response }) => {
    codings.set(requestId, response.headers['content-encoding']);
    // The headers alone. They are all of an answer whose body the page does not read.
    if (response.status === 204) sizes.set(requestId, response.encodedDataLength);
  });
  devTools.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => sizes.set(requestId, encodedDataLength));
  await devTools.send('Network.enable');
  await page.addInitScript(noteShown, selector);
  await page.goto(server.url);
  await page.locator(selector).first().waitFor();
  const shownAt = await page.evaluate(() => (window as unknown as { readonly shownAt: number }).shownAt);
  const early = [...sent].filter(([, { atMs }]) => atMs <= shownAt);
  // The answer to a shared worker is not reported to the page.
  for (const [id, { path }] of early.filter(([, { path }]) => path.includes('worker'))) {
    const { headers } = await fetch(server.url + path, { method: 'HEAD', headers: { 'accept-encoding': 'br' } });
    codings.set(id, headers.get('content-encoding') ?? undefined);
    sizes.set(id, Number(headers.get('content-length')) + [...headers].join('\r\n').length);
  }
  await expect.poll(() => early.filter(([id]) => !sizes.has(id))).toEqual([]);
  await page.close();
  return early.map(([id, { path }]) => ({ path, bytes: sizes.get(id) ?? 0, coding: codings.get(id) }));
}

const sum = (answers: readonly Answer[]): number => answers.reduce((bytes, answer) => bytes + answer.bytes, 0);

/** Returns the paths of files of the page that were sent plain. */
const plain = (answers: readonly Answer[]): readonly string[] =>
  answers.filter(({ path, coding }) => !path.startsWith('/api/') && coding !== 'br').map(({ path }) => path);

it('a cold load takes at most 137 kB on the wire until the sign-in form stands', async () => {
  const answers = await load(await browser.newContext(), '.sign-in form');
  expect(plain(answers)).toEqual([]);
  expect(answers.map(({ path }) => path)).toContain('/');
  expect(sum(answers), JSON.stringify(answers)).toBeLessThanOrEqual(FORM_MAX);
});

it('a cold load of a signed-in user takes at most 238 kB on the wire until the conversations show', async () => {
  const first = await browser.newContext({ locale: 'en-US' });
  await (await Person.arrive(await browser.newContext({ locale: 'en-US' }), server.url, 'Bo')).register();
  const ann = await Person.arrive(first, server.url, 'Ann');
  await ann.register();
  await ann.startTalking('Bo');
  await ann.say('hello');
  await ann.sees('hello');
  await ann.allSent();
  const answers = await load(await browser.newContext({ storageState: await first.storageState() }), '.conversation');
  expect(plain(answers)).toEqual([]);
  expect(answers.filter(({ path }) => path.includes('/chat-'))).toHaveLength(2);
  expect(sum(answers), JSON.stringify(answers)).toBeLessThanOrEqual(CONVERSATIONS_MAX);
});
