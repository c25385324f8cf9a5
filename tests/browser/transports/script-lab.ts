import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ServerLimits } from '@everywire/server';
import {
  createFaultProxy,
  createNetworkPath,
  type FaultProxy,
  type NetworkPath,
  openPath,
  type PathRules,
} from '@everywire/testkit';
import type { Browser, BrowserContext, Page, Request, Response } from 'playwright-core';
import { NumberedServer } from '../../transports/numbered-server.js';
import { launchChromium } from '../launch-chromium.js';
import { bundleTalkPage, servePage, TOKEN } from './browser-lab.js';
import type { PageOutcome, PageTask } from './page.js';

/** Whether the page belongs to the same site as the server. */
export type PagePlace = 'same' | 'other';

/** Options of a page and its server. */
interface ScriptTalkOptions {
  readonly place: PagePlace;
  readonly limits?: Partial<ServerLimits>;
  /** The other origins that may connect; default: that of the page. */
  readonly origins?: readonly string[];
  /** The rules of a network between the fault proxy and the server. */
  readonly rules?: Partial<PathRules>;
  /** Runs in the page before its own script. */
  readonly before?: () => void;
}

/** One page and one server, which may be of two sites. */
export interface ScriptTalk {
  readonly proxy: FaultProxy;
  /** `null` if no rules were given. */
  readonly path: NetworkPath | null;
  readonly server: NumberedServer;
  readonly page: Page;
  readonly pageOrigin: string;
  /** The server's path prefix. */
  readonly url: string;
  readonly requests: readonly Request[];
  /** The server's answers. */
  readonly responses: readonly Response[];
  run(task: Omit<PageTask, 'token' | 'url'>): Promise<PageOutcome>;
  stop(): Promise<void>;
}

/** A browser for tests of transports by scripts and forms. */
export interface ScriptLab {
  start(options: ScriptTalkOptions): Promise<ScriptTalk>;
  close(): Promise<void>;
}

/** Starts the browser, and a server of pages on another site. */
export async function openScriptLab(): Promise<ScriptLab> {
  const files = await bundleTalkPage();
  const browser = await launchChromium();
  // A browser treats `localhost` and `127.0.0.1` as different sites.
  const pages = createServer(servePage(files));
  await new Promise<void>((done) => pages.listen(0, '127.0.0.1', done));
  const otherOrigin = `http://localhost:${(pages.address() as AddressInfo).port}`;
  return {
    start: (options) => startTalk(browser, files, otherOrigin, options),
    close: async () => {
      await browser.close();
      pages.close();
    },
  };
}

async function startTalk(
  browser: Browser,
  files: ReadonlyMap<string, string>,
  otherOrigin: string,
  { place, limits = {}, origins = [otherOrigin], rules, before }: ScriptTalkOptions,
): Promise<ScriptTalk> {
  const server = await NumberedServer.start({
    onRequest: servePage(files),
    limits,
    origins,
    jsonp: true,
    authenticate: ({ token }) => (token === TOKEN ? { subject: 'somebody' } : null),
  });
  const path = rules ? await createNetworkPath(server.port, { ...openPath(), ...rules }) : null;
  const proxy = await createFaultProxy(path?.port ?? server.port);
  const context = await browser.newContext();
  const page = await context.newPage();
  if (before) await page.addInitScript(before);
  const requests: Request[] = [];
  const responses: Response[] = [];
  page.on('request', (request) => requests.push(request));
  page.on('response', (response) => responses.push(response));
  const origin = `http://127.0.0.1:${proxy.port}`;
  const pageOrigin = place === 'same' ? origin : otherOrigin;
  await page.goto(`${pageOrigin}/`);
  await page.waitForFunction(() => 'talk' in window);
  const url = `${origin}/everywire`;
  return {
    proxy,
    path,
    server,
    page,
    pageOrigin,
    url,
    requests,
    responses,
    run: (task) => page.evaluate((whole) => window.talk(whole), { ...task, url, token: TOKEN }),
    stop: async () => {
      await stopTalk(context, proxy, server);
      await path?.close();
    },
  };
}

async function stopTalk(context: BrowserContext, proxy: FaultProxy, server: NumberedServer): Promise<void> {
  await context.close();
  await proxy.close();
  await server.stop();
}
