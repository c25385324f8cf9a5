import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createWireServer, type WireServer, type WireServerOptions } from '@everywire/server';
import { createFaultProxy, type FaultProxy } from '@everywire/testkit';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../../server/hand-client.js';
import { launchChromium } from '../launch-chromium.js';

/* A page without any script of ours: `new EventSource`, `new WebSocket`, in a real browser. */

let browser: Browser;
const closers: (() => unknown)[] = [];
beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser.close());
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

interface Lab {
  readonly wire: WireServer;
  readonly proxy: FaultProxy;
  readonly page: Page;
  /** How often the application was asked to admit a link. */
  readonly admissions: () => number;
}

async function start(options: Partial<WireServerOptions> = {}): Promise<Lab> {
  let admissions = 0;
  const wire = createWireServer({
    onSession: () => undefined,
    authenticate: ({ token }) => (token === undefined || token === 'good' ? { subject: token ?? 'anyone' } : null),
    onRawLink: ({ topics, claims }) => {
      admissions += 1;
      return topics[0] === 'private' && claims.subject !== 'good' ? null : topics;
    },
    hasHistory: (topic) => topic === 'kept' || topic === 'private',
    limits: { rawRetryMs: 20, tickMs: 5 },
    ...options,
  });
  const http = createServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'text/html;charset=utf-8' }).end('<!doctype html><title>page</title>');
  });
  wire.attach(http);
  await new Promise<void>((done) => http.listen(0, '127.0.0.1', done));
  const proxy = await createFaultProxy((http.address() as AddressInfo).port);
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(`http://127.0.0.1:${proxy.port}/`);
  closers.push(
    () => context.close(),
    () => proxy.close(),
    () => wire.close({ deadlineMs: 0 }),
    () => {
      http.closeAllConnections();
      http.close();
    },
  );
  return { wire, proxy, page, admissions: () => admissions };
}

/** Opens an EventSource in the page; its messages are in `window.received`. */
async function listenTo({ page }: Lab, url: string): Promise<void> {
  await page.evaluate((address) => {
    const received: string[] = [];
    const source = new EventSource(address);
    Object.assign(window, { received, source });
    source.onmessage = ({ data }) => void received.push(data);
    for (const type of ['json', 'binary', 'reset']) {
      source.addEventListener(type, ({ data }) => void received.push(`${type} ${data}`));
    }
    source.onerror = () => {
      if (source.readyState === EventSource.CLOSED) received.push('closed');
    };
  }, url);
}

/** Waits for at least this many messages. @returns all that the page has received */
async function received({ page }: Lab, count: number): Promise<readonly string[]> {
  await page.waitForFunction((least) => (Reflect.get(window, 'received') as string[]).length >= least, count);
  return page.evaluate(() => Reflect.get(window, 'received') as string[]);
}

describe('a native EventSource', () => {
  it('[SN-16.5] a native EventSource receives every string and bytes as published', { tags: ['wide'] }, async () => {
    const lab = await start();
    await listenTo(lab, '/everywire/raw-event-stream?topic=kept');
    await eventually(() => lab.wire.rawLinks().length === 1);
    const texts = ['plain', '', ' two\n\nlines\n', '\0\ufeff\u2028</script>', '你好 😀'];
    for (const text of texts) lab.wire.publish('kept', text);
    lab.wire.publish('kept', 'cr\r\nlf');
    lab.wire.publish('kept', Uint8Array.of(1, 2, 255));
    expect(await received(lab, 7)).toEqual([...texts, `json ${JSON.stringify('cr\r\nlf')}`, 'binary AQL/']);
  });

  it('[SN-16.5] a native EventSource reconnects by itself after each cut, and receives each message once', async () => {
    const lab = await start();
    await listenTo(lab, '/everywire/raw-event-stream?topic=kept');
    await eventually(() => lab.wire.rawLinks().length === 1);
    let published = 1;
    // From its first byte on the page has a position; before, there is nothing to resume from.
    lab.wire.publish('kept', '1');
    await received(lab, 1);
    for (let cut = 1; cut <= 4; cut++) {
      for (let count = 0; count < 5; count++) lab.wire.publish('kept', String(++published));
      if (cut % 2 === 0) await received(lab, published);
      lab.proxy.cutNow(cut === 1 ? 'end' : 'reset');
      lab.wire.publish('kept', String(++published));
      await eventually(() => lab.admissions() === cut + 1);
    }
    expect(await received(lab, published)).toEqual(Array.from({ length: published }, (_, at) => String(at + 1)));
  });

  it('[EN-16.2] a native EventSource gets a reset if more came in the meantime than is kept', {
    tags: ['wide'],
  }, async () => {
    const lab = await start({ limits: { rawRetryMs: 20, historyMessagesMax: 1, tickMs: 5 } });
    await listenTo(lab, '/everywire/raw-event-stream?topic=kept');
    await eventually(() => lab.wire.rawLinks().length === 1);
    lab.wire.publish('kept', '1');
    await received(lab, 1);
    lab.proxy.cutNow('reset');
    for (const text of ['2', '3', '4']) lab.wire.publish('kept', text);
    await received(lab, 2);
    lab.wire.publish('kept', '5');
    expect(await received(lab, 3)).toEqual(['1', 'reset {"topic":"kept","reason":"gone"}', '5']);
  });

  it('[SN-20.3] a native EventSource reconnects by its first ticket, and gives up if it is refused', {
    tags: ['wide'],
  }, async () => {
    const lab = await start();
    const body = JSON.stringify({ token: 'good', topics: ['private'], kind: 'event-stream' });
    const ticket = await lab.page.evaluate(async (text) => {
      const answer = await fetch('/everywire/raw-ticket', { method: 'POST', body: text });
      return ((await answer.json()) as { ticket: string }).ticket;
    }, body);
    await listenTo(lab, `/everywire/raw-event-stream?ticket=${ticket}`);
    await eventually(() => lab.wire.rawLinks().length === 1);
    lab.wire.publish('private', '1');
    await received(lab, 1);
    lab.proxy.cutNow('reset');
    lab.wire.publish('private', '2');
    expect(await received(lab, 2)).toEqual(['1', '2']);
    await listenTo(lab, '/everywire/raw-event-stream?topic=private');
    expect(await received(lab, 1)).toEqual(['closed']);
  });
});

describe('a native WebSocket', () => {
  /** Opens a WebSocket in the page; its messages are in `window.received`, the socket in `window.socket`. */
  async function connectTo({ page }: Lab, path: string): Promise<string> {
    return page.evaluate(async (address) => {
      const list: string[] = [];
      const socket = new WebSocket(`ws://${location.host}${address}`);
      socket.binaryType = 'arraybuffer';
      Object.assign(window, { received: list, socket });
      socket.onmessage = ({ data }) => {
        list.push(typeof data === 'string' ? data : `binary ${new Uint8Array(data).join(' ')}`);
      };
      socket.onclose = ({ code, reason }) => void list.push(`closed ${code} ${reason}`);
      await new Promise((done) => {
        socket.onopen = done;
      });
      return socket.extensions;
    }, path);
  }

  it('[SN-16.5] a native WebSocket receives and sends everything, compressed', () => talkTo(true));
  it('[SN-16.5] a native WebSocket receives and sends everything, uncompressed', { tags: ['wide'] }, () =>
    talkTo(false),
  );

  async function talkTo(deflate: boolean): Promise<void> {
    const said: (string | Uint8Array)[] = [];
    const lab = await start({ deflate, onRawMessage: (_link, data) => void said.push(data) });
    const extensions = await connectTo(lab, '/everywire/raw-websocket?topic=a');
    expect(extensions.includes('permessage-deflate')).toBe(deflate);
    await eventually(() => lab.wire.rawLinks().length === 1);
    const long = 'words that come again and again, '.repeat(100);
    const texts = ['plain', '', '\0begins with NUL', '\ufeff你好 😀', long];
    for (const text of texts) lab.wire.publish('a', text);
    lab.wire.publish('a', Uint8Array.of(1, 2));
    expect(await received(lab, 6)).toEqual([...texts, 'binary 1 2']);
    await lab.page.evaluate((all) => {
      const socket = Reflect.get(window, 'socket') as WebSocket;
      for (const text of all) socket.send(text);
      socket.send(Uint8Array.of(3, 4));
    }, texts);
    await eventually(() => said.length === 6);
    expect(said).toEqual([...texts, Uint8Array.of(3, 4)]);
  }

  it('[TR-46.1] a native WebSocket reports a clean end with the code of an error, even while it is still sending', {
    tags: ['wide'],
  }, async () => {
    // On a busy machine a browser takes longer for five megabytes than the server waits for a close frame.
    const lab = await start({ onRawMessage: () => undefined, limits: { closeFrameMs: 60_000 } });
    const ending = await lab.page.evaluate(async () => {
      const socket = new WebSocket(`ws://${location.host}/everywire/raw-websocket?topic=news`);
      await new Promise((done) => {
        socket.onopen = done;
      });
      socket.send('x'.repeat(5_000_000));
      return new Promise((done) => {
        socket.onclose = ({ code, reason, wasClean }) => done([code, reason, wasClean]);
      });
    });
    expect(ending).toEqual([1009, 'message_too_big', true]);
  });

  it('[SN-20.2] a native WebSocket authenticates in its first message, and gets the reason if it is refused', {
    tags: ['wide'],
  }, async () => {
    const lab = await start();
    await connectTo(lab, '/everywire/raw-websocket');
    const ask = (token: string): Promise<void> =>
      lab.page.evaluate(
        (text) => (Reflect.get(window, 'socket') as WebSocket).send(text),
        JSON.stringify({ token, topics: ['private'] }),
      );
    await ask('bad');
    expect(await received(lab, 1)).toEqual(['closed 1008 unauthorized']);
    await connectTo(lab, '/everywire/raw-websocket');
    await ask('good');
    await eventually(() => lab.wire.rawLinks().length === 1);
    lab.wire.publish('private', 'hello');
    expect(await received(lab, 1)).toEqual(['hello']);
  });
});
