import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createFaultProxy, type FaultProxy } from '@everywire/testkit';
import type { Browser, BrowserContextOptions } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ServerProcess } from '../../durability/server-process.js';
import { launchChromium } from '../launch-chromium.js';
import { Person } from './person.js';
import { introduce } from './two-people.js';

const artifacts = fileURLToPath(new URL('../../../artifacts/talk', import.meta.url));
/** So high that no row of these short conversations leaves the virtual list. */
const tall: BrowserContextOptions = { viewport: { width: 1300, height: 6_000 }, locale: 'en-US' };

/** The main job: two real browsers, two accounts, one real server, and a network that does what networks do. */
describe('two people talk', () => {
  let data: string;
  let server: ServerProcess;
  let proxy: FaultProxy;
  let browser: Browser;
  let url: string;
  let ann: Person;
  let bo: Person;
  const said: string[] = [];

  beforeAll(async () => {
    mkdirSync(artifacts, { recursive: true });
    data = mkdtempSync(join(tmpdir(), 'everywire-talk-'));
    server = new ServerProcess(data);
    await server.start().started;
    proxy = await createFaultProxy(Number(new URL(server.url).port));
    url = `http://127.0.0.1:${proxy.port}/`;
    browser = await launchChromium();
    ann = await Person.arrive(await browser.newContext(tall), url, 'Ann');
    bo = await Person.arrive(await browser.newContext(tall), url, 'Bo');
    await introduce(ann, bo);
    said.push('hello Bo');
  }, 90_000);

  afterAll(async () => {
    await browser?.close();
    await proxy?.close();
    await server?.stop();
    rmSync(data, { recursive: true, force: true });
  });

  /** They answer each other, so that the order is one only. */
  async function talk(topic: string, rounds: number): Promise<void> {
    for (let round = 1; round <= rounds; round += 1) {
      for (const [speaker, listener] of [
        [ann, bo],
        [bo, ann],
      ] as const) {
        const text = `${topic} ${round} 从 ${speaker.name}`;
        await speaker.say(text);
        await listener.sees(text);
        said.push(text);
      }
    }
  }

  async function expectAllSaidOnceInOrder(): Promise<void> {
    for (const person of [ann, bo]) {
      await person.allSent();
      expect(await person.texts(), person.name).toEqual(said);
    }
  }

  const streams = ['Fetch stream', 'Event stream', 'XHR stream', 'Multipart stream'];
  for (const transport of ['WebSocket', ...streams, 'Long polling', 'Short polling']) {
    it(`over ${transport}, switched to in the same conversation`, async () => {
      await ann.chooseTransport(transport);
      await bo.chooseTransport(transport);
      await talk(transport, 4);
      await expectAllSaidOnceInOrder();
    }, 60_000);
  }

  it('[pain 6] goes on when WebSocket is blocked in mid-talk', async () => {
    await ann.chooseTransport('Automatic');
    await bo.chooseTransport('Automatic');
    await talk('before the block', 2);
    proxy.inject({ kind: 'block-upgrade', how: 'forbid' });
    const cut = proxy.cutNow('reset', { only: 'websocket' });
    expect(cut).toBeGreaterThanOrEqual(2);
    await talk('after the block', 3);
    expect(proxy.counters.blockedUpgrades).toBeGreaterThan(0);
    await expectAllSaidOnceInOrder();
    proxy.lift();
  }, 90_000);

  it('goes on when the server is killed and started again, with what was written meanwhile', async () => {
    await talk('before the kill', 2);
    await server.kill();
    for (const text of ['written while it was gone 1', 'written while it was gone 2', 'written while it was gone 3']) {
      await ann.say(text);
      said.push(text);
    }
    await ann.sees('written while it was gone 3');
    await server.start().started;
    await bo.sees('written while it was gone 3');
    await talk('after the restart', 2);
    await expectAllSaidOnceInOrder();
  }, 90_000);

  it('is all there after a reload', async () => {
    await ann.page.reload();
    await ann.openConversation('Bo');
    await ann.sees(said.at(-1) ?? '');
    await expectAllHeld(ann);
    // What shows conversations was asked for together with the page's own script, not after it.
    const besides = 'link[rel="modulepreload"][href*="/assets/chat-"]:has(~ script[type="module"])';
    expect(await ann.page.locator(besides).count()).toBe(1);
  }, 60_000);

  /** After a reload the newest page comes first; older ones come as they are scrolled to. */
  async function expectAllHeld(person: Person): Promise<void> {
    await person.page.waitForFunction(
      (count) => document.querySelectorAll('article .bubble').length >= count,
      said.length,
    );
    expect(await person.texts()).toEqual(said);
  }

  it('[SN-20] shows no token in any address or in the log, and breaks no policy of the page', async () => {
    for (const person of [ann, bo]) {
      const token = await person.token();
      expect(token).toMatch(/^ewt_/);
      expect([person.page.url(), ...person.addresses].filter((address) => address.includes(token))).toEqual([]);
      expect(server.lines).not.toContain(token);
      expect(person.problems).toEqual([]);
    }
  });

  for (const [name, options] of [
    ['wide-light', { viewport: { width: 1440, height: 900 }, colorScheme: 'light', locale: 'zh-CN' }],
    ['wide-dark', { viewport: { width: 1440, height: 900 }, colorScheme: 'dark', locale: 'en-US' }],
    ['phone-light', { viewport: { width: 390, height: 844 }, colorScheme: 'light', locale: 'en-US' }],
    ['phone-dark', { viewport: { width: 390, height: 844 }, colorScheme: 'dark', locale: 'zh-CN' }],
  ] as const) {
    it(`looks as it should: ${name}`, async () => {
      const context = await browser.newContext({ ...options, storageState: await ann.page.context().storageState() });
      const page = await context.newPage();
      await page.goto(url);
      await page.locator('[data-conversation]').first().click();
      await page.locator('article .bubble').last().waitFor();
      await page.screenshot({ path: join(artifacts, `${name}.png`) });
      await context.close();
    }, 60_000);
  }
});
