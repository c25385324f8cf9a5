// Over 300 lines: everything that may happen among the tabs of a browser, at one server.
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { createWireServer, type WireServer, type WireSession } from '@everywire/server';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { bundlePage } from '../bundle-page.js';
import { launchChromium } from '../launch-chromium.js';

const DEADLINE_MS = 60_000;
/** The most channels on one WebSocket of these servers: twenty tabs and a few that are being opened. */
const CHANNELS_MAX = 24;

let browser: Browser;
let context: BrowserContext;
let http: Server;
let wire: WireServer;
/** Whether the network refuses WebSockets, or the server is an old one that does not know channels. */
let way: 'open' | 'refuses' | 'old' = 'open';
/** The open WebSockets. */
const sockets = new Set<Socket>();
/** The sessions, by the name in the tab's first message. */
const sessions = new Map<string, WireSession>();
const said = new Map<string, string[]>();

function keepTrack(socket: Socket): void {
  sockets.add(socket);
  socket.on('close', () => sockets.delete(socket));
}

beforeAll(async () => {
  const files = new Map([
    ...(await bundlePage(new URL('tab-page.ts', import.meta.url))),
    ...(await bundlePage(new URL('tab-worker.ts', import.meta.url))),
  ]);
  http = createServer(({ url = '/' }, answer) => {
    const script = files.get(url);
    answer.writeHead(200, { 'content-type': script ? 'text/javascript' : 'text/html' });
    answer.end(script ?? '<!doctype html><script type="module" src="/tab-page.js"></script>');
  });
  await new Promise<void>((done) => http.listen(0, '127.0.0.1', done));
  wire = createWireServer({
    limits: { channelsMax: CHANNELS_MAX },
    onSession: (session) => {
      let name = '';
      session.onMessage = (data) => {
        if (name === '') {
          name = String(data);
          sessions.set(name, session);
          said.set(name, []);
        } else said.get(name)?.push(String(data));
        session.send(`${data}!`);
      };
    },
  });
  wire.attach(http);
  const { emit } = http;
  // The wire server handles its upgrades before other listeners.
  http.emit = function (this: Server, event: string, ...parts: unknown[]) {
    if (event === 'upgrade' && way === 'refuses') {
      (parts[1] as Socket).end('HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\nconnection: close\r\n\r\n');
      return true;
    }
    if (event === 'upgrade') keepTrack(parts[1] as Socket);
    if (event === 'upgrade' && way === 'old') {
      const { headers } = parts[0] as IncomingMessage;
      const offered = headers['sec-websocket-protocol']!.split(/, */);
      headers['sec-websocket-protocol'] = offered.filter((name) => !name.endsWith('.channels')).join(', ');
    }
    return Reflect.apply(emit, this, [event, ...parts]);
  } as typeof emit;
  browser = await launchChromium();
});

afterAll(async () => {
  await browser?.close();
  await wire.close({ deadlineMs: 0 });
  http.closeAllConnections();
  http.close();
});

beforeEach(async () => {
  await context?.close();
  context = await browser.newContext();
  way = 'open';
  await connections(0);
  sessions.clear();
  said.clear();
});

/**
 * Waits for this many connections: on a busy machine a tab may begin with a stream, and switch to the WebSocket later.
 */
const connections = (count: number): Promise<void> =>
  expect.poll(() => sockets.size, { timeout: DEADLINE_MS }).toBe(count);

interface Tab {
  readonly name: string;
  readonly page: Page;
}

async function openTab(name: string, group = 'ann', worker = false, script = ''): Promise<Tab> {
  const page = await context.newPage();
  if (script !== '') await page.addInitScript(script);
  await page.goto(`http://127.0.0.1:${(http.address() as AddressInfo).port}/`);
  await page.waitForFunction(() => 'start' in window);
  await page.evaluate(
    ([tab, of, byWorker]) => {
      window.start(of, byWorker);
      window.say(tab);
    },
    [name, group, worker] as const,
  );
  await receives({ name, page }, `${name}!`);
  return { name, page };
}

const receives = ({ page }: Tab, text: string): Promise<unknown> =>
  page.waitForFunction((wanted) => window.received.includes(wanted), text, { timeout: DEADLINE_MS });

async function allHear(tabs: readonly Tab[]): Promise<void> {
  for (const { name } of tabs) sessions.get(name)?.send('to all');
  for (const tab of tabs) await receives(tab, 'to all');
}

async function openTabs(count: number, group = 'ann', worker = false): Promise<Tab[]> {
  const tabs: Tab[] = [];
  while (tabs.length < count) tabs.push(await openTab(`${group} ${tabs.length}`, group, worker));
  return tabs;
}

/**
 * Sends numbers to every tab and from every tab during the action. @returns the longest time between two received
 * numbers, over all tabs, in milliseconds
 */
async function inFullTraffic(tabs: readonly Tab[], happens: () => Promise<void>): Promise<number> {
  let number = 0;
  const timer = setInterval(() => {
    for (const { name } of tabs) sessions.get(name)?.send(`down ${number}`);
    number++;
  }, 10);
  for (const { page } of tabs)
    await page.evaluate(() => {
      let up = 0;
      Object.assign(window, { talking: setInterval(() => window.say(`up ${up++}`), 10) });
    });
  await expect.poll(() => number, { timeout: DEADLINE_MS }).toBeGreaterThan(50);
  for (const { page } of tabs) await page.evaluate(() => window.measure());
  await happens();
  const then = number;
  await expect.poll(() => number, { timeout: DEADLINE_MS }).toBeGreaterThan(then + 200);
  clearInterval(timer);
  let longestMs = 0;
  for (const tab of tabs) {
    if (tab.page.isClosed()) continue;
    await receives(tab, `down ${number - 1}`);
    const talked = await tab.page.evaluate(() => {
      clearInterval((window as unknown as { talking: number }).talking);
      window.say('done');
      return window.longestMs;
    });
    longestMs = Math.max(longestMs, talked);
    await expect.poll(() => said.get(tab.name)?.at(-1), { timeout: DEADLINE_MS }).toBe('done');
    const down = await tab.page.evaluate(() => window.received.filter((text) => text.startsWith('down ')));
    expect(down).toEqual(Array.from({ length: number }, (_, at) => `down ${at}`));
    const up = said.get(tab.name)!.filter((text) => text.startsWith('up '));
    expect(up).toEqual(up.map((_, at) => `up ${at}`));
    expect(up.length).toBeGreaterThan(10);
  }
  return longestMs;
}

/** Pauses a tab's script, as a debugger does. */
async function standStill({ page }: Tab): Promise<{ begin(): Promise<void>; end(): Promise<void> }> {
  const cdp = await context.newCDPSession(page);
  await cdp.send('Debugger.enable');
  return {
    begin: async () => {
      await cdp.send('Debugger.pause');
      // It pauses at the next statement that runs.
      page.evaluate(() => 0).catch(() => undefined);
    },
    end: async () => {
      await cdp.send('Debugger.resume');
      await cdp.send('Debugger.disable');
    },
  };
}

describe('tabs of one group', () => {
  it('twenty tabs of one group share one connection', { timeout: 120_000 }, async () => {
    const tabs = await openTabs(20);
    await connections(1);
    await allHear(tabs);
    expect(sessions.size).toBe(20);
    const [, second] = tabs as [Tab, Tab];
    await second.page.evaluate(() => window.stop());
    await tabs[3]!.page.evaluate(() => window.say('still here'));
    await receives(tabs[3]!, 'still here!');
  });

  it.each([false, true])('tabs lose and repeat nothing when the first is closed, worker: %s', async (worker) => {
    const tabs = await openTabs(4, 'ann', worker);
    await inFullTraffic(tabs, () => tabs[0]!.page.close());
    await connections(1);
    if (!worker) return;
    await tabs[1]!.page.evaluate(() => {
      window.states.length = 0;
    });
    await tabs[2]!.page.close();
    await tabs[1]!.page.evaluate(() => window.say('uncut'));
    await receives(tabs[1]!, 'uncut!');
    expect(await tabs[1]!.page.evaluate(() => window.states)).toEqual([]);
  });

  it('tabs continue without one that is paused, and share with it again when it resumes', async () => {
    const tabs = await openTabs(3);
    const still = await standStill(tabs[0]!);
    const errors: Error[] = [];
    tabs[0]!.page.on('pageerror', (error) => errors.push(error));
    const leader = [...sockets][0];
    await inFullTraffic(tabs.slice(1), still.begin);
    expect([...sockets].at(-1)).not.toBe(leader);
    await still.end();
    await tabs[0]!.page.evaluate(() => window.say('awake'));
    await receives(tabs[0]!, 'awake!');
    await connections(1);
    expect(errors).toEqual([]);
  });

  it('tabs pause for 500 ms at most when the first is closed', { tags: ['wide'] }, async () => {
    const tabs = await openTabs(5);
    expect(await inFullTraffic(tabs, () => tabs[0]!.page.close())).toBeLessThan(500);
  });

  it('tabs pause for 2 s at most when the first is paused', { tags: ['wide'] }, async () => {
    const tabs = await openTabs(5);
    const still = await standStill(tabs[0]!);
    expect(await inFullTraffic(tabs.slice(1), still.begin)).toBeLessThan(2_000);
    await still.end();
  });

  it('tabs connect separately when there is no channel left', async () => {
    const tabs = await openTabs(CHANNELS_MAX + 1);
    await allHear(tabs);
  });
});

/** Shows or hides a tab: a browser without a window shows all of them. */
const show = ({ page }: Tab, seen: boolean): Promise<void> =>
  page.evaluate((hidden) => {
    Object.defineProperty(document, 'hidden', { value: hidden, configurable: true });
    document.dispatchEvent(new Event('visibilitychange'));
  }, !seen);

/** Returns the names of the tabs that hold a request open. */
async function holders(tabs: readonly Tab[]): Promise<readonly string[]> {
  const used = await Promise.all(tabs.map(({ page }) => page.evaluate(() => window.states.at(-1) ?? '')));
  return tabs.filter((_, at) => /stream$|^long/.test(used[at]!)).map(({ name }) => name);
}

describe('tabs of one origin where WebSockets are refused', () => {
  const becomes = (tabs: readonly Tab[], names: readonly string[]): Promise<void> =>
    expect.poll(() => holders(tabs), { timeout: DEADLINE_MS }).toEqual(names);

  it('all of twelve tabs without WebSockets load and talk', { timeout: 120_000 }, async () => {
    way = 'refuses';
    const tabs = [...(await openTabs(6)), ...(await openTabs(6, 'bob'))];
    await becomes(tabs, ['ann 0', 'ann 1', 'ann 2', 'ann 3']);
    await allHear(tabs);
  });

  it('tabs without WebSockets hold requests open in turns, visible ones first', { timeout: 120_000 }, async () => {
    way = 'refuses';
    const tabs = await openTabs(6);
    await becomes(tabs, ['ann 0', 'ann 1', 'ann 2', 'ann 3']);
    await show(tabs[4]!, false);
    await show(tabs[1]!, false);
    await becomes(tabs, ['ann 0', 'ann 2', 'ann 3', 'ann 5']);
    await show(tabs[1]!, true);
    await tabs[0]!.page.close();
    await becomes(tabs.slice(1), ['ann 1', 'ann 2', 'ann 3', 'ann 5']);
    await allHear(tabs.slice(1));
  });
});

it('tabs at a server without channels connect separately', async () => {
  way = 'old';
  const tabs = await openTabs(3);
  await connections(3);
  await allHear(tabs);
});

it('tabs of two groups never share', async () => {
  await openTab('ann');
  await openTab('bob', 'bob');
  await connections(2);
});

it.each([
  ['has no locks', 'delete Navigator.prototype.locks'],
  ['refuses locks', 'LockManager.prototype.request = () => Promise.reject(new DOMException("", "SecurityError"))'],
  ['refuses channels', 'BroadcastChannel = class { constructor() { throw new DOMException("", "SecurityError") } }'],
])('a tab whose browser %s connects separately', async (_what, script) => {
  await openTab('one', 'ann', false, script);
  await openTab('other', 'ann', false, script);
  await connections(2);
});
