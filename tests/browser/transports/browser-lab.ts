import type { RequestListener } from 'node:http';
import type { ServerLimits } from '@everywire/server';
import { createFaultProxy, type FaultProxy } from '@everywire/testkit';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { NumberedServer } from '../../transports/numbered-server.js';
import { bundlePage } from '../bundle-page.js';
import { launchChromium } from '../launch-chromium.js';
import type { PageOutcome, PageTask } from './page.js';

/** The bearer token of every conversation here, which must not appear in any address. */
export const TOKEN = 'token-that-must-stand-in-no-address';

/** A conversation of numbered messages between a page in Chromium and a real server, through a proxy that injects faults. */
export interface BrowserTalk {
  readonly proxy: FaultProxy;
  readonly server: NumberedServer;
  /** Requests of the browser by its own kind: `websocket`, `eventsource`, `fetch`, ... with their addresses. */
  readonly requests: readonly { readonly kind: string; readonly url: string }[];
  /** The secret of each session, as the server sent it to the page. */
  readonly sessionIds: readonly string[];
  run(task: Omit<PageTask, 'token'>): Promise<PageOutcome>;
  stop(): Promise<void>;
}

/** Chromium and the page, bundled from the current sources. */
export interface BrowserLab {
  start(limits?: Partial<ServerLimits>): Promise<BrowserTalk>;
  close(): Promise<void>;
}

/** Starts Chromium and bundles the page. */
export async function openBrowserLab(): Promise<BrowserLab> {
  const files = await bundleTalkPage();
  const browser = await launchChromium();
  return { start: (limits = {}) => startTalk(browser, files, limits), close: () => browser.close() };
}

/** Returns the page of this lab, for others that serve it themselves. */
export function bundleTalkPage(): Promise<ReadonlyMap<string, string>> {
  return bundlePage(new URL('page.ts', import.meta.url));
}

async function startTalk(
  browser: Browser,
  files: ReadonlyMap<string, string>,
  limits: Partial<ServerLimits>,
): Promise<BrowserTalk> {
  const server = await NumberedServer.start({
    onRequest: servePage(files),
    limits,
    authenticate: ({ token }) => (token === TOKEN ? { subject: 'somebody' } : null),
  });
  const proxy = await createFaultProxy(server.port);
  const context = await browser.newContext();
  const page = await context.newPage();
  const { requests, sessionIds } = await watch(page);
  await page.goto(`http://127.0.0.1:${proxy.port}/`);
  await page.waitForFunction(() => 'talk' in window);
  return {
    proxy,
    server,
    requests,
    sessionIds,
    run: (task) => page.evaluate((whole) => window.talk(whole), { ...task, token: TOKEN }),
    stop: () => stopTalk(context, proxy, server),
  };
}

async function stopTalk(context: BrowserContext, proxy: FaultProxy, server: NumberedServer): Promise<void> {
  await context.close();
  await proxy.close();
  await server.stop();
}

/** Serves the page and its files. */
export function servePage(files: ReadonlyMap<string, string>): RequestListener {
  return ({ url = '/' }, answer) => {
    const script = files.get(url);
    const text = script ?? '<!doctype html><meta charset="utf-8"><script type="module" src="/page.js"></script>';
    answer.writeHead(200, { 'content-type': script ? 'text/javascript;charset=utf-8' : 'text/html;charset=utf-8' });
    answer.end(text);
  };
}

/** Records the requests of a page, and the ids of its sessions. */
async function watch(page: Page): Promise<Pick<BrowserTalk, 'requests' | 'sessionIds'>> {
  const requests: { kind: string; url: string }[] = [];
  const sessionIds: string[] = [];
  const noteOpened = (text: string): void => {
    const id = /"t":"opened","id":"([^"]+)"/.exec(text)?.[1];
    if (id) sessionIds.push(id);
  };
  page.on('request', (request) => requests.push({ kind: request.resourceType(), url: request.url() }));
  page.on('websocket', (socket) => {
    requests.push({ kind: 'websocket', url: socket.url() });
    socket.on('framereceived', ({ payload }) => noteOpened(String(payload)));
  });
  await page.exposeFunction('noteOpened', noteOpened);
  await page.addInitScript(readOpenings);
  return { requests, sessionIds };
}

/** Runs in the page. Reads a copy of each answer that opens a session, because the developer protocol often loses its body. */
function readOpenings(): void {
  const { noteOpened } = window as unknown as { noteOpened(text: string): Promise<void> };
  const originalFetch = window.fetch;
  window.fetch = async (...request) => {
    const answer = await originalFetch(...request);
    if (answer.url.endsWith('/open')) await noteOpened(await answer.clone().text());
    return answer;
  };
}
