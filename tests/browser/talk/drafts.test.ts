/** @module-tag wide: tests of packages/chat-client test drafts; this is their way through the page. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createFaultProxy, type FaultProxy } from '@everywire/testkit';
import type { Browser, BrowserContext } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { ServerProcess } from '../../durability/server-process.js';
import { launchChromium } from '../launch-chromium.js';
import { Person } from './person.js';
import { choose, composer, introduce, row } from './two-people.js';

/* Drafts written offline, at a real server. The page itself loads offline too, as from a browser's cache. */

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
});

afterAll(async () => {
  await browser?.close();
  await proxy?.close();
  await server?.stop();
  rmSync(data, { recursive: true, force: true });
});

/** Loads the page's own files past the proxy. */
async function cachePage(context: BrowserContext): Promise<void> {
  await context.route('**/*', async (route) => {
    const { pathname } = new URL(route.request().url());
    if (own.test(pathname)) await route.continue();
    else {
      // A page that is closed cancels its requests.
      const ask = () => route.fetch({ url: server.url + pathname });
      const response = await ask()
        .catch(ask)
        .catch(() => null);
      await (response === null ? route.abort() : route.fulfill({ response })).catch(() => undefined);
    }
  });
}

/** Cuts Ann's browser off from the server, including what a page sends as it closes. */
function cut(): void {
  proxy.inject({ kind: 'refuse' });
  proxy.cutNow('reset');
}

/** Saves what Ann's page shows when a test fails, to find out why a step timed out. */
beforeEach(({ onTestFailed }) => {
  onTestFailed(async () => {
    const shown = await ann.page.locator('body').textContent({ timeout: 5_000 }).catch(String);
    console.error(`Ann's page, ${ann.page.url()}: ${shown}\n${ann.problems.join('\n')}`);
  });
});

it('[pain 20] a draft written offline survives a reload, and then appears on the other device', async () => {
  cut();
  await composer(ann).fill('written on a train');
  await ann.page.reload();
  await expect.poll(() => composer(ann).inputValue()).toBe('written on a train');
  expect(await composer(other).inputValue()).toBe('');
  proxy.lift();
  await expect.poll(() => composer(other).inputValue()).toBe('written on a train');

  cut();
  await composer(ann).press('Enter');
  await ann.page.reload();
  await ann.sees('written on a train');
  expect(await ann.page.locator('[data-receipt="waiting"]').count()).toBe(1);
  expect(await composer(ann).inputValue()).toBe('');
  proxy.lift();
  await bo.page.locator('article .bubble', { hasText: 'written on a train' }).waitFor();
  await expect.poll(() => composer(other).inputValue()).toBe('');
  await ann.page.reload();
  await ann.sees('written on a train');
  await ann.allSent();
  expect([await composer(ann).inputValue(), await row(ann, 'Bo').getByText('Draft:').count()]).toEqual(['', 0]);
});

it('a waiting message and a draft written after it both survive a reload', async () => {
  cut();
  await ann.say('first');
  await composer(ann).fill('and then');
  await ann.page.reload();
  await ann.sees('first');
  await expect.poll(() => composer(ann).inputValue()).toBe('and then');
  proxy.lift();
  await bo.page.locator('article .bubble', { hasText: 'first' }).waitFor();
  await ann.allSent();
  await ann.page.reload();
  await ann.sees('first');
  await expect.poll(() => composer(ann).inputValue()).toBe('and then');
});

it.each([
  ['with a connection', false],
  ['without one', true],
])(
  'a conversation that can still be brought back to the list is gone once the page is left, %s',
  async (_, offline) => {
    await row(ann, 'Bo').waitFor();
    if (offline) cut();
    await choose(ann, 'Bo', 'Hide until the next message');
    await ann.page.getByRole('button', { name: 'Undo' }).waitFor();
    // The conversation was open, and its address would open it again.
    await ann.page.waitForURL(({ hash }) => hash === '');
    await ann.page.reload();
    proxy.lift();
    await ann.page.locator('.first').waitFor();
    expect(await row(ann, 'Bo').count()).toBe(0);
    // The server has it too: the other device has received it. A new message brings it back.
    await expect.poll(() => row(other, 'Bo').count()).toBe(0);
    await bo.say('there again');
    await row(ann, 'Bo').click();
  },
);

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
  const question = ann.page.getByRole('dialog', { name: 'Sign out and lose unsent messages?' });
  const signedOut = ann.page.getByLabel('Username');
  await question.or(signedOut).waitFor();
  // The question is shown if the server has not received the draft yet.
  if (await question.isVisible()) await question.getByRole('button', { name: 'Sign out', exact: true }).click();
  await signedOut.waitFor();
  const databases = () => ann.page.evaluate(async () => (await indexedDB.databases()).map(({ name }) => name));
  await expect.poll(databases).toEqual([]);
  expect([...ann.problems, ...bo.problems]).toEqual([]);
});
