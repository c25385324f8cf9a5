import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createSockJsGateway } from '@everywire/gateway-sockjs';
import { createWireServer, type WireServer } from '@everywire/server';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { launchChromium } from '../launch-chromium.js';

/** A page with the published sockjs-client, from an origin of its own, that echoes over the gateway of another. */

let browser: Browser;
let script: string;
let page: Page;
let pages: Server;
let gateway: Server;
let wire: WireServer;

beforeAll(async () => {
  [browser, script] = await Promise.all([
    launchChromium(),
    readFile('node_modules/sockjs-client/dist/sockjs.min.js', 'utf8'),
  ]);
});
afterAll(() => browser.close());
afterEach(async () => {
  await page.close();
  await wire.close({ deadlineMs: 0 });
  for (const server of [pages, gateway]) {
    server.closeAllConnections();
    await new Promise((done) => server.close(done));
  }
});

const originOf = (server: Server): string => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

async function serve(websocket = true): Promise<void> {
  const files: Readonly<Record<string, readonly [string, string]>> = {
    '/': ['text/html', '<!DOCTYPE html><script src="/sockjs.min.js"></script>'],
    '/sockjs.min.js': ['text/javascript', script],
  };
  const show: Parameters<typeof createServer>[1] = ({ url = '' }, response) => {
    const [type, text] = files[url] ?? ['text/plain', ''];
    response.writeHead(200, { 'content-type': type }).end(text);
  };
  pages = createServer(show);
  gateway = createServer(show);
  for (const server of [pages, gateway]) await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  wire = createWireServer({ onSession: () => undefined, origins: [originOf(pages)] });
  wire.attach(gateway);
  createSockJsGateway(wire, {
    path: '/echo',
    websocket,
    jsonp: true,
    clientUrl: '/sockjs.min.js',
    onConnection: (connection) => {
      connection.onMessage = (text) => void connection.send(text);
    },
  });
}

/** Sends twenty texts by this transport, or by those that the client chooses. @returns the echoes, and the transport */
async function echo(from: Server, transports?: readonly string[]) {
  page = await browser.newPage();
  await page.goto(originOf(from));
  return page.evaluate(
    ([url, list]) =>
      new Promise<{ transport: string; texts: string[] }>((resolve, reject) => {
        const SockJs = (window as unknown as { SockJS: new (...parts: unknown[]) => WebSocket & { transport: string } })
          .SockJS;
        const socket = new SockJs(`${url}/echo`, null, list === undefined ? {} : { transports: list });
        const texts: string[] = [];
        socket.onopen = () => {
          for (let number = 0; number < 20; number++) socket.send(`消息 </script> 100% a%20b ${number}`);
        };
        socket.onmessage = ({ data }) => {
          texts.push(data);
          if (texts.length === 20) resolve({ transport: socket.transport, texts });
        };
        socket.onclose = ({ code, reason }) => reject(new Error(`closed: ${code} ${reason}`));
      }),
    [originOf(gateway), transports] as const,
  );
}

const expected = Array.from({ length: 20 }, (_, number) => `消息 </script> 100% a%20b ${number}`);

describe('sockjs-client in Chromium talks across origins', () => {
  it.each([
    'websocket',
    'xhr-streaming',
    'xhr-polling',
    'jsonp-polling',
    'iframe-eventsource',
    'iframe-htmlfile',
    'iframe-xhr-polling',
  ])('sockjs-client talks across origins by %s', async (transport) => {
    await serve();
    expect(await echo(pages, [transport])).toEqual({ transport, texts: expected });
  });
});

it.each(['eventsource', 'htmlfile'])('sockjs-client talks at its own origin by %s', async (transport) => {
  await serve();
  expect(await echo(gateway, [transport])).toEqual({ transport, texts: expected });
});

it('sockjs-client chooses streaming if the server has no WebSocket', async () => {
  await serve(false);
  expect(await echo(pages)).toEqual({ transport: 'xhr-streaming', texts: expected });
});
