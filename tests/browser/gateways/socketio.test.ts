import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createSocketIoGateway } from '@everywire/gateway-socketio';
import { createWireServer, type WireServer } from '@everywire/server';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { launchChromium } from '../launch-chromium.js';

/** A page with the published socket.io-client, from an origin of its own; the gateway has another. */

let browser: Browser;
let script: string;
let page: Page;
let servers: Server[];
let wire: WireServer;

beforeAll(async () => {
  [browser, script] = await Promise.all([
    launchChromium(),
    readFile('node_modules/socket.io-client/dist/socket.io.min.js', 'utf8'),
  ]);
});
afterAll(() => browser.close());
afterEach(async () => {
  await page.close();
  await wire.close({ deadlineMs: 0 });
  for (const server of servers) {
    server.closeAllConnections();
    await new Promise((done) => server.close(done));
  }
});

const originOf = (server: Server): string => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

/** Emits twenty texts and bytes. @returns the echoes, and the transport at the end */
async function echo(transports: readonly string[]) {
  const pages = createServer(({ url = '' }, response) => {
    const [type, text] =
      url === '/' ? ['text/html', '<!DOCTYPE html><script src="/io.js"></script>'] : ['text/javascript', script];
    response.writeHead(200, { 'content-type': type }).end(text);
  });
  const http = createServer();
  servers = [pages, http];
  for (const server of servers) await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  wire = createWireServer({ onSession: () => undefined, origins: [originOf(pages)] });
  wire.attach(http);
  createSocketIoGateway(wire).on('connection', (socket) => {
    socket.on('echo', (value: unknown, answer: (value: unknown) => void) => answer(value));
  });
  page = await browser.newPage();
  await page.goto(originOf(pages));
  return page.evaluate(
    async ([url, list]) => {
      const { io } = window as unknown as { io: typeof import('socket.io-client').io };
      const socket = io(url, { transports: [...list], withCredentials: true });
      // Awaited from the start: the transport may change before the namespace has connected.
      if (list.length > 1) await new Promise((done) => socket.io.engine.once('upgrade', done));
      const texts: string[] = [];
      for (let number = 0; number < 20; number++)
        texts.push(await socket.emitWithAck('echo', `消息 </script> ${number}`));
      const bytes: ArrayBuffer = await socket.emitWithAck('echo', Uint8Array.of(0, 1, 255));
      return { transport: socket.io.engine.transport.name, texts, bytes: [...new Uint8Array(bytes)] };
    },
    [originOf(http), transports] as const,
  );
}

describe('socket.io-client in Chromium talks across origins', () => {
  it.each([
    ['polling', ['polling']],
    ['websocket', ['websocket']],
    ['websocket', ['polling', 'websocket']],
  ])('socket.io-client talks across origins by %s, of %j', async (transport, transports) => {
    const texts = Array.from({ length: 20 }, (_, number) => `消息 </script> ${number}`);
    expect(await echo(transports)).toEqual({ transport, texts, bytes: [0, 1, 255] });
  });
});
