import { execFile } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { TransportName } from '@everywire/client';
import { sessionLimits } from '@everywire/protocol';
import { createFaultProxy, createTestAuthority, type FaultProxy, type TestAuthority } from '@everywire/testkit';
import { build } from 'esbuild';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import WebSocket from 'ws';
import { launchChromium } from '../browser/launch-chromium.js';
import { bundleTalkPage, servePage } from '../browser/transports/browser-lab.js';
import { eventually } from '../server/hand-client.js';
import { asPromised } from '../transports/conversation.js';
import { judge } from '../transports/numbered-content.js';
import { NumberedServer, type NumberedServerOptions } from '../transports/numbered-server.js';

const names: readonly TransportName[] = ['websocket', 'event-stream', 'fetch-stream', 'long-poll'];
/** The time after which a program is considered hung. */
const DEADLINE_MS = 200_000;
const program = join(fileURLToPath(new URL('../../.cache/', import.meta.url)), `node-talk-${process.pid}.mjs`);
const run = promisify(execFile);

let authority: TestAuthority;
let browser: Browser;
let files: ReadonlyMap<string, string>;
let server: NumberedServer;
const closers: (() => unknown)[] = [];

beforeAll(async () => {
  authority = createTestAuthority();
  files = await bundleTalkPage();
  await build({
    entryPoints: [fileURLToPath(new URL('node-talk.ts', import.meta.url))],
    outfile: program,
    bundle: true,
    platform: 'node',
    format: 'esm',
    conditions: ['source'],
    logLevel: 'warning',
  });
  browser = await launchChromium(
    // In addition to the authorities of the system, trusts only that of this test.
    `--ignore-certificate-errors-spki-list=${authority.spki}`,
  );
});
afterAll(async () => {
  await browser?.close();
  authority?.close();
  rmSync(program, { force: true });
});
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

/** Starts a server over TLS, and a proxy before it. */
async function start(options: NumberedServerOptions = {}): Promise<FaultProxy> {
  server = await NumberedServer.start({
    tls: authority.issue(),
    onRequest: servePage(files),
    limits: sessionLimits,
    ...options,
  });
  const proxy = await createFaultProxy(server.port, server.tcpPort);
  closers.push(
    () => proxy.close(),
    () => server.stop(),
  );
  return proxy;
}

/** Opens a page over https. */
async function open(proxy: FaultProxy): Promise<Page> {
  const context = await browser.newContext();
  closers.unshift(() => context.close());
  const page = await context.newPage();
  // The server accepts its own https origin without a setting.
  await page.goto(`https://localhost:${proxy.port}/`);
  await page.waitForFunction(() => 'talk' in window);
  return page;
}

/** What a client has observed at the end. */
interface Ended {
  readonly down: ReturnType<typeof judge>;
  readonly transports: readonly TransportName[];
  readonly verdict: { readonly clean: boolean; readonly unknown: number } | null | false;
}

function expectAsPromised(outcome: Ended): void {
  const short = (verdict: Ended['verdict']): object | null =>
    verdict ? { clean: verdict.clean, unknown: verdict.unknown } : null;
  expect({
    up: judge(server.up),
    down: outcome.down,
    sessions: server.sessions,
    client: short(outcome.verdict),
    server: short(server.verdict),
  }).toEqual(asPromised);
}

describe.each(names)('over TLS by %s', (name) => {
  it('[SN-1] a program that trusts the authority exchanges all messages', { tags: ['wide'] }, async () => {
    const proxy = await start();
    const { stdout } = await run(process.execPath, [program, `https://localhost:${proxy.port}/everywire`, name], {
      env: { ...process.env, NODE_EXTRA_CA_CERTS: authority.file },
      timeout: DEADLINE_MS,
    });
    const outcome = JSON.parse(stdout) as Ended;
    expectAsPromised(outcome);
    expect(outcome.transports).toEqual([name]);
  });

  const tags = name === 'websocket' ? [] : ['wide'];
  it('[SN-1] Chromium exchanges all messages while the certificate is replaced', { tags }, async () => {
    const proxy = await start();
    const page = await open(proxy);
    let [replaced, cut] = [false, 0];
    server.onProgress = () => {
      if (!replaced && server.up.length >= 40) {
        server.setTls(authority.issue());
        replaced = true;
      }
      // Open connections keep the old certificate; after a cut the same session continues with the new one.
      if (cut === 0 && server.up.length >= 100) cut = proxy.cutNow('reset');
    };
    const outcome = await page.evaluate((task) => window.talk(task), { transports: [name], token: '' });
    expectAsPromised(outcome);
    expect(outcome.transports).toEqual([name]);
    expect([replaced, cut > 0]).toEqual([true, true]);
  });
});

describe('over TLS', () => {
  it('[SN-1] [TR-44.7] a program exchanges all messages over raw TCP while the certificate is replaced', {
    tags: ['wide'],
  }, async () => {
    const proxy = await start();
    let replaced = false;
    server.onProgress = () => {
      if (replaced || server.up.length < 80) return;
      replaced = true;
      server.setTls(authority.issue());
      proxy.cutNow('reset');
    };
    const address = [`https://localhost:${proxy.port}/everywire`, 'tcp', `tls://localhost:${proxy.tcpPort}`];
    const { stdout } = await run(process.execPath, [program, ...address], {
      env: { ...process.env, NODE_EXTRA_CA_CERTS: authority.file },
      timeout: DEADLINE_MS,
    });
    const outcome = JSON.parse(stdout) as Ended;
    expectAsPromised(outcome);
    expect([outcome.transports, replaced, proxy.counters.cuts > 0]).toEqual([['tcp'], true, true]);
  });

  it('Chromium refuses a certificate of an unknown authority', { tags: ['wide'] }, async () => {
    const other = createTestAuthority();
    closers.push(() => other.close());
    const proxy = await start({ tls: other.issue() });
    await expect(open(proxy)).rejects.toThrow(/ERR_CERT_AUTHORITY_INVALID/);
  });

  it('[SN-16.5] a raw WebSocket and a raw event stream receive the same topic over TLS', {
    tags: ['wide'],
  }, async () => {
    const proxy = await start({ onRawLink: ({ topics }) => topics });
    const raw = new WebSocket(`wss://localhost:${proxy.port}/everywire/raw-websocket?topic=a`, { ca: authority.cert });
    closers.unshift(() => raw.terminate());
    const got: string[] = [];
    raw.on('message', (data) => got.push(String(data)));
    const page = await open(proxy);
    await page.evaluate(() => {
      const events: string[] = [];
      Object.assign(window, { events });
      new EventSource('/everywire/raw-event-stream?topic=a').onmessage = ({ data }) => void events.push(data);
    });
    await eventually(() => server.wire.rawLinks().length === 2);
    server.wire.publish('a', 'hello');
    await eventually(() => got.length === 1);
    await page.waitForFunction(() => (Reflect.get(window, 'events') as string[]).length === 1);
    expect([got, await page.evaluate(() => Reflect.get(window, 'events'))]).toEqual([['hello'], ['hello']]);
  });
});
