import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createFaultProxy, type FaultProxy } from '@everywire/testkit';
import type { Browser, BrowserContext } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ServerProcess } from '../../durability/server-process.js';
import { launchChromium } from '../launch-chromium.js';
import { Person } from './person.js';
import { composer, introduce, row } from './two-people.js';

/* What is written without a connection, at a real server. The page itself comes without one too, as from a browser's cache. */

const view = { viewport: { width: 1300, height: 1_400 }, locale: 'en-US' };
const own = /^\/(everywire|api)\//;

let data: string;
let server: ServerProcess;
let proxy: FaultProxy;
let browser: Browser;
let ann: Person;
let bo: Person;
let other: Person;

beforeAll(async () => {
  data = mkdtempSync(join(tmpdir(), 'everywire-drafts-'));
  server = new ServerProcess(data);
  await server.start().started;
  proxy = await createFaultProxy(Number(new URL(server.url).port));
  browser = await launchChromium();
  const train = await browser.newContext(view);
  await cachePage(train);
  ann = await Person.arrive(train, `http://127.0.0.1:${proxy.port}/`, 'Ann');
  bo = await Person.arrive(await browser.newContext(view), server.url, 'Bo');
  await introduce(ann, bo);
  other = await Person.arrive(await browser.newContext(view), server.url, 'Ann');
  await other.signIn();
  await row(other, 'Bo').click();
  await composer(other).blur();
}, 90_000);

afterAll(async () => {
  await browser?.close();
  await proxy?.close();
  await server?.stop();
  rmSync(data, { recursive: true, force: true });
});

/** What the page is made of never goes through the proxy. */
async function cachePage(context: BrowserContext): Promise<void> {
  await context.route('**/*', async (route) => {
    const { pathname } = new URL(route.request().url());
    if (own.test(pathname)) await route.continue();
    else await route.fulfill({ response: await route.fetch({ url: server.url + pathname }) });
  });
}

/** From here on nothing of Ann's browser reaches the server, not even what a page sends as it goes. */
function cut(): void {
  proxy.inject({ kind: 'refuse' });
  proxy.cutNow('reset');
}

const connected = { timeout: 30_000 };

it('[pain 20] what is written without a connection outlives a reload, and then comes to the other device', async () => {
  cut();
  await composer(ann).fill('written on a train');
  await ann.page.reload();
  await expect.poll(() => composer(ann).inputValue()).toBe('written on a train');
  expect(await composer(other).inputValue()).toBe('');
  proxy.lift();
  await expect.poll(() => composer(other).inputValue(), connected).toBe('written on a train');

  cut();
  await composer(ann).press('Enter');
  await ann.page.reload();
  await ann.sees('written on a train');
  expect(await ann.page.locator('[data-receipt="waiting"]').count()).toBe(1);
  expect(await composer(ann).inputValue()).toBe('');
  proxy.lift();
  await bo.page.locator('article .bubble', { hasText: 'written on a train' }).waitFor(connected);
  await expect.poll(() => composer(other).inputValue(), connected).toBe('');
  await ann.page.reload();
  await ann.sees('written on a train');
  await ann.allSent();
  expect([await composer(ann).inputValue(), await row(ann, 'Bo').getByText('Draft:').count()]).toEqual(['', 0]);
}, 90_000);

it('what waits in the outbox and what is written after it both outlive a reload', async () => {
  cut();
  await ann.say('first');
  await composer(ann).fill('and then');
  await ann.page.reload();
  await ann.sees('first');
  await expect.poll(() => composer(ann).inputValue()).toBe('and then');
  proxy.lift();
  await bo.page.locator('article .bubble', { hasText: 'first' }).waitFor(connected);
  await ann.allSent();
  await ann.page.reload();
  await ann.sees('first');
  await expect.poll(() => composer(ann).inputValue()).toBe('and then');
}, 90_000);

it('nothing of an account is left on the device after signing out', async () => {
  await composer(ann).fill('half');
  const kept = () =>
    ann.page.evaluate(async () => {
      const counts: number[] = [];
      for (const { name } of await indexedDB.databases()) {
        if (name === undefined || !name.startsWith('everywire ')) continue;
        const database = await new Promise<IDBDatabase>((resolve, reject) => {
          const opening = indexedDB.open(name);
          opening.onsuccess = () => resolve(opening.result);
          opening.onerror = () => reject(opening.error);
        });
        for (const store of database.objectStoreNames) {
          const counting = database.transaction(store).objectStore(store).count();
          await new Promise((resolve) => {
            counting.onsuccess = resolve;
          });
          counts.push(counting.result);
        }
        database.close();
      }
      return counts.reduce((sum, count) => sum + count, 0);
    });
  await expect.poll(kept).toBeGreaterThan(0);
  await ann.page.getByRole('button', { name: 'Settings' }).click();
  await ann.page.getByRole('tab', { name: 'Account' }).click();
  await ann.page.getByRole('button', { name: 'Sign out', exact: true }).click();
  await ann.page.getByLabel('User name').waitFor();
  expect(await kept()).toBe(0);
  expect([...ann.problems, ...bo.problems]).toEqual([]);
}, 60_000);
