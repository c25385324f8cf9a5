import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createFaultProxy, type FaultProxy } from '@everywire/testkit';
import type { Browser, BrowserContextOptions } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ServerProcess } from '../../durability/server-process.js';
import { launchChromium } from '../launch-chromium.js';
import { Person } from './person.js';
import { introduce } from './two-people.js';

/** So high that no row of these short conversations leaves the virtual list. */
const tall: BrowserContextOptions = { viewport: { width: 1300, height: 6_000 }, locale: 'en-US' };

/** The main task: two real browsers, two accounts, one real server, and a network with faults. */
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
  });

  afterAll(async () => {
    await browser?.close();
    await proxy?.close();
    await server?.stop();
    rmSync(data, { recursive: true, force: true });
  });

  /** Lets them answer each other, so that the order is determined. */
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
    const tags = transport === 'WebSocket' ? [] : ['wide'];
    it(`two people talk over ${transport}, switched to in the same conversation`, { tags }, async () => {
      await ann.chooseTransport(transport);
      await bo.chooseTransport(transport);
      await talk(transport, 2);
      await expectAllSaidOnceInOrder();
    });
  }

  it('[pain 6] a conversation continues when WebSocket is blocked in the middle', async () => {
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
  });

  it('a conversation continues when the server is killed and restarted, with the messages of the meantime', async () => {
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
  });

  it('all messages are there after a reload', async () => {
    await ann.page.reload();
    await ann.openConversation('Bo');
    await ann.sees(said.at(-1) ?? '');
    await expectAllHeld(ann);
    // The script that shows conversations is requested together with the page's own script, not after it.
    const preloads = 'link[rel="modulepreload"][href*="/assets/chat-"]:has(~ script[type="module"])';
    expect(await ann.page.locator(preloads).count()).toBe(1);
  });

  /** After a reload the newest page comes first; older ones load by scrolling. */
  async function expectAllHeld(person: Person): Promise<void> {
    await person.page.waitForFunction(
      (count) => document.querySelectorAll('article .bubble').length >= count,
      said.length,
    );
    expect(await person.texts()).toEqual(said);
  }

  it("[SN-20.2] no token appears in any address or in the log, and the page's policy is not violated", async () => {
    for (const person of [ann, bo]) {
      const token = await person.token();
      expect(token).toMatch(/^ewt_/);
      expect([person.page.url(), ...person.addresses].filter((address) => address.includes(token))).toEqual([]);
      expect(server.lines).not.toContain(token);
      expect(person.problems).toEqual([]);
    }
  });
});
