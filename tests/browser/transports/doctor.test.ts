import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { FindingCode } from '@everywire/client/doctor';
import { createWireServer, type WireServer } from '@everywire/server';
import { createNetworkPath, openPath, type PathRules } from '@everywire/testkit';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bundlePage } from '../bundle-page.js';
import { launchChromium } from '../launch-chromium.js';

let browser: Browser;
let http: Server;
/** A wire server of another origin, which accepts only pages of its own. */
let foreign: Server;
const wires: WireServer[] = [];

async function listen(listener: RequestListener): Promise<Server> {
  const server = createServer(listener);
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return server;
}

const addressOf = (server: Server): string => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

beforeAll(async () => {
  const files = await bundlePage(new URL('doctor-page.ts', import.meta.url));
  http = await listen(({ url = '/' }, answer) => {
    const script = files.get(url);
    answer.writeHead(200, { 'content-type': script ? 'text/javascript' : 'text/html' });
    answer.end(script ?? '<!doctype html><script type="module" src="/doctor-page.js"></script>');
  });
  foreign = await listen((_asked, answer) => answer.writeHead(404).end());
  for (const server of [http, foreign]) {
    const one = createWireServer({ onSession: () => undefined });
    one.attach(server);
    wires.push(one);
  }
  browser = await launchChromium();
});

afterAll(async () => {
  await browser?.close();
  await Promise.all(wires.map((one) => one.close({ deadlineMs: 0 })));
  for (const server of [http, foreign]) {
    server?.closeAllConnections();
    server?.close();
  }
});

/** Returns the findings of a page behind such a network about an address. */
async function findings(rules: Partial<PathRules>, url = '/everywire'): Promise<readonly FindingCode[]> {
  const path = await createNetworkPath((http.address() as AddressInfo).port, openPath());
  const page = await browser.newPage();
  try {
    await page.goto(`http://127.0.0.1:${path.port}/`);
    await page.waitForFunction(() => 'examine' in window);
    Object.assign(path.rules, rules);
    const report = await page.evaluate((address) => window.examine(address), url);
    return report.findings.map(({ code }) => code);
  } finally {
    await page.close();
    await path.close();
  }
}

describe.concurrent('a page examines the way to its server', () => {
  it.each<[string, Partial<PathRules>, readonly FindingCode[]]>([
    ['where nothing is wrong', {}, []],
    ['where WebSockets are refused', { webSocket: 'refused' }, ['websocket_refused']],
    [
      'where they are silent, and answers held back',
      { webSocket: 'swallows', responses: 'buffered' },
      ['websocket_silent', 'stream_buffered'],
    ],
    ['where there is one connection', { requestsAtOnce: 1 }, ['few_connections']],
    ['where a request is too large', { bodyBytesMax: 2000, refusal: 'cut' }, ['body_limited']],
    ['where the network wants a sign-in', { portal: 'redirect' }, ['sign_in_page']],
  ])('a page examines the path to its server: %s', { timeout: 120_000 }, async (_what, rules, expected) => {
    expect(await findings(rules)).toEqual(expected);
  });

  it('the examination reports that answers of another origin cannot be read', async () => {
    expect(await findings({}, `${addressOf(foreign)}/everywire`)).toEqual(['no_cors']);
  });

  it('the examination reports that nothing can be reached', async () => {
    expect(await findings({}, 'http://127.0.0.1:9/everywire')).toEqual(['unreachable']);
  });
});
