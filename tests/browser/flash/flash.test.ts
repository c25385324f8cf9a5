import { readFileSync } from 'node:fs';
import type { RequestListener } from 'node:http';
import { createRequire } from 'node:module';
import { type AddressInfo, connect } from 'node:net';
import { dirname, join } from 'node:path';
import { sessionLimits } from '@everywire/protocol';
import type { ServerLimits } from '@everywire/server';
import { createFaultProxy, type FaultProxy } from '@everywire/testkit';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type WebSocket, WebSocketServer } from 'ws';
import { asPromised } from '../../transports/conversation.js';
import { judge } from '../../transports/numbered-content.js';
import { NumberedServer } from '../../transports/numbered-server.js';
import { bundlePage } from '../bundle-page.js';
import { launchChromium } from '../launch-chromium.js';
import { throughEveryFault } from '../transports/every-fault.js';
import type { FlashOutcome } from './page.js';

/*
 * Browsers no longer support Flash: Ruffle plays the movie, with its sockets relayed through a proxy, because a page
 * cannot open TCP.
 */

const ruffle = dirname(createRequire(import.meta.url).resolve('@ruffle-rs/ruffle/package.json'));
const movie = new URL('../../../packages/client/flash/bridge.swf', import.meta.url);

let files: ReadonlyMap<string, string>;
let browser: Browser;
let server: NumberedServer;
let proxy: FaultProxy;
const closers: (() => unknown)[] = [];

beforeAll(async () => {
  files = await bundlePage(new URL('page.ts', import.meta.url));
  browser = await launchChromium();
});
afterAll(() => browser.close());
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

/** Starts Ruffle's socket proxy: each WebSocket is one TCP connection to the raw TCP port. */
async function startRelay(): Promise<number> {
  const relay = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  relay.on('connection', (web: WebSocket) => {
    const socket = connect(proxy.tcpPort, '127.0.0.1');
    web.on('message', (data: Buffer) => socket.write(data));
    web.on('close', () => socket.destroy());
    socket.on('data', (chunk: Buffer) => web.send(chunk));
    socket.on('error', () => undefined);
    socket.on('close', () => web.close());
  });
  closers.push(() => relay.close());
  if (relay.address() === null) await new Promise((resolve) => relay.once('listening', resolve));
  return (relay.address() as AddressInfo).port;
}

function serve(relayPort: () => number): RequestListener {
  const types: Readonly<Record<string, string>> = { js: 'text/javascript', wasm: 'application/wasm' };
  return ({ url = '/' }, answer) => {
    const [, name] = /^\/ruffle\/([\w.]+)$/.exec(url) ?? [];
    const type = types[url.split('.').at(-1) ?? ''] ?? 'application/x-shockwave-flash';
    if (name !== undefined) answer.writeHead(200, { 'content-type': type }).end(readFileSync(join(ruffle, name)));
    else if (url === '/bridge.swf') answer.writeHead(200, { 'content-type': type }).end(readFileSync(movie));
    else if (files.has(url)) answer.writeHead(200, { 'content-type': type }).end(files.get(url));
    else answer.writeHead(200, { 'content-type': 'text/html;charset=utf-8' }).end(document(relayPort()));
  };
}

function document(relayPort: number): string {
  const config = {
    publicPath: '/ruffle/',
    polyfills: true,
    allowScriptAccess: true,
    autoplay: 'on',
    unmuteOverlay: 'hidden',
    socketProxy: [{ host: '127.0.0.1', port: proxy.tcpPort, proxyUrl: `ws://127.0.0.1:${relayPort}` }],
  };
  return (
    `<!doctype html><meta charset="utf-8"><script>window.RufflePlayer = { config: ${JSON.stringify(config)} }</script>` +
    '<script src="/ruffle/ruffle.js"></script><body><script type="module" src="/page.js"></script>'
  );
}

/** @param limits default: those of production, so that a busy machine loses no link by silence */
async function open(limits: Partial<ServerLimits> = sessionLimits): Promise<Page> {
  let relayPort = 0;
  server = await NumberedServer.start({ onRequest: serve(() => relayPort), limits });
  proxy = await createFaultProxy(server.port, server.tcpPort);
  relayPort = await startRelay();
  const context = await browser.newContext();
  closers.unshift(
    () => context.close(),
    () => proxy.close(),
    () => server.stop(),
  );
  const page = await context.newPage();
  if (process.env['EVERYWIRE_SHOW'] !== undefined)
    page.on('console', (line) => process.stderr.write(`${line.text()}\n`));
  await page.goto(`http://127.0.0.1:${proxy.port}/`);
  await page.waitForFunction(() => 'flashTalk' in window);
  return page;
}

function expectAsPromised({ down, verdict }: FlashOutcome): void {
  const short = (one: FlashOutcome['verdict']): object | null => one && { clean: one.clean, unknown: one.unknown };
  const { sessions } = server;
  const seen = { up: judge(server.up), down, sessions, client: short(verdict), server: short(server.verdict) };
  expect(seen).toEqual(asPromised);
}

describe('Flash socket, in Chromium under Ruffle', () => {
  it('[SN-1] [SN-17] [TR-43.5] a Flash movie carries a whole conversation', async () => {
    const page = await open();
    const { tcpPort } = proxy;
    const outcome = await page.evaluate(
      (port) => window.flashTalk({ port, transports: ['flash-socket'], switches: [] }),
      tcpPort,
    );
    expectAsPromised(outcome);
    expect(outcome.transports).toEqual(['flash-socket']);
    expect(server.urls.some((url) => url.includes('websocket'))).toBe(false);
  });

  it('[SN-2] [SN-10] a conversation over Flash continues after a cut, and moves to a WebSocket and back', {
    tags: ['wide'],
  }, async () => {
    const page = await open();
    // Slow enough that there is still traffic when the switches are done.
    proxy.inject({ kind: 'delay', ms: 80 });
    let cut = 0;
    server.onProgress = () => {
      if (cut === 0 && server.up.length >= 10) cut = proxy.cutNow('reset');
    };
    const switches = ['websocket', 'flash-socket'] as const;
    const task = { port: proxy.tcpPort, transports: ['flash-socket'] as const, switches };
    const outcome = await page.evaluate((all) => window.flashTalk(all), task);
    expectAsPromised(outcome);
    expect([outcome.transports, cut > 0]).toEqual([['flash-socket', 'websocket', 'flash-socket'], true]);
  });

  it('[SN-2] [SN-15] a conversation over Flash survives connections cut at a byte, refused, silenced, delayed and dribbled, one after another', {
    tags: ['wide'],
  }, async () => {
    const page = await open({});
    const done = throughEveryFault(proxy, server);
    const task = { port: proxy.tcpPort, transports: ['flash-socket'] as const, switches: [] };
    const outcome = await page.evaluate((all) => window.flashTalk(all), task);
    const [lifted, all] = done();
    expectAsPromised(outcome);
    expect(outcome.transports).toEqual(['flash-socket']);
    expect(lifted).toBe(all);
  });
});
