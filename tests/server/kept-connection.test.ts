import diagnostics from 'node:diagnostics_channel';
import { once } from 'node:events';
import type { Server } from 'node:http';
import type { WireSession } from '@everywire/server';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WebSocketServer } from 'ws';
import { eventually, type Listening, listen } from './hand-client.js';
import { KeptClient, lines, serverEnd, waitingAt } from './kept-client.js';

const direct = process.env['EVERYWIRE_SOCKETS'] !== 'public';
const clients: KeptClient[] = [];
let server: Listening;
let session: WireSession | undefined;
const got: unknown[] = [];
/** The number of requests read by Node's own parser. */
let parsed = 0;

function onParsed(event: unknown): void {
  if ((event as { server: Server }).server === server.http) parsed += 1;
}

beforeEach(() => {
  got.length = 0;
  diagnostics.subscribe('http.server.request.start', onParsed);
});
afterEach(async () => {
  diagnostics.unsubscribe('http.server.request.start', onParsed);
  for (const { socket } of clients.splice(0)) socket.destroy();
  await server.end();
});

async function start(options: Parameters<typeof listen>[0] = {}): Promise<KeptClient> {
  const onSession = (opened: WireSession): void => {
    session = opened;
    opened.onMessage = (data) => void got.push(data);
  };
  server = await listen({ onSession, ...options });
  return open();
}

async function open(): Promise<KeptClient> {
  const client = await KeptClient.open(server);
  clients.push(client);
  return client;
}

describe('a connection that brings one POST after the other', () => {
  it("[SN-7.4] a request is answered identically by our reader and by Node's", async () => {
    const client = await start();
    const answers = [];
    for (let i = 0; i < 6; i += 1) answers.push(await client.ask(client.up([`message ${i}`])));
    const plain = (text: string): string =>
      text
        .replace(/date: .*|content-length: .*/g, '')
        .split('\r\n')
        .toSorted()
        .join('\n');
    for (const [at, { status, head, body }] of answers.entries()) {
      expect(status).toBe(200);
      expect(plain(head)).toBe(plain(answers[0]?.head ?? ''));
      expect(JSON.parse(body)).toMatchObject({ t: 'answer', received: at + 1, ack: at + 1 });
    }
    expect(got).toEqual([0, 1, 2, 3, 4, 5].map((i) => `message ${i}`));
    // One to open on another connection, and the first on this one.
    expect(parsed).toBe(direct ? 2 : 7);
  });

  it('[SN-1] polls deliver every message once, whatever its content', async () => {
    const client = await (await start()).warm();
    const before = parsed;
    const sent = ['one', 'zwei \u00fc', '\u{1f600}', 'x'.repeat(60_000), 'y'.repeat(60_000), 'last'];
    for (const text of sent) {
      client.write(client.poll());
      await eventually(() => session?.transport === 'long-poll');
      session?.send(text);
      const { head, body } = await client.answer();
      expect(head).toContain('content-type: text/plain;charset=utf-8\r\n');
      const [attached, message] = lines(Buffer.from(body, 'latin1').toString());
      expect(attached).toMatchObject({ t: 'attached', first: client.counts.received + 1 });
      expect(message).toBe(text);
      client.counts.took(text);
      client.counts.ack = client.counts.received;
    }
    expect(parsed - before).toBe(direct ? 1 : sent.length);
  });

  it('requests that arrive before their turn are answered in order', async () => {
    const client = await (await start()).warm();
    await client.ask(client.poll({ prompt: true }));
    await client.ask(client.poll({ prompt: true }));
    client.write(client.poll());
    await eventually(() => session?.transport === 'long-poll');
    client.write(client.up(['behind a poll']));
    const end = await serverEnd(client);
    await eventually(() => end.bytesRead >= client.socket.bytesWritten);
    client.write('GET /everywire/nothing HTTP/1.1\r\nHost: here\r\n\r\n');
    session?.send('to the poll');
    expect(lines((await client.answer()).body)).toMatchObject([{ t: 'attached' }, 'to the poll']);
    expect(JSON.parse((await client.answer()).body)).toMatchObject({ t: 'answer', received: 1 });
    expect((await client.answer()).status).toBe(404);
    expect(got).toEqual(['behind a poll']);
  });

  it('several requests that arrive together are read, and our reader stays in use', async () => {
    const client = await (await start()).warm();
    client.write(client.up(['a']) + client.up(['b']) + client.up(['c']));
    for (const received of [1, 2, 3]) expect(JSON.parse((await client.answer()).body)).toMatchObject({ received });
    await client.ask(client.up(['d']));
    const before = parsed;
    await client.ask(client.up(['e']));
    expect(parsed - before).toBe(direct ? 0 : 1);
    expect(got).toEqual(['a', 'b', 'c', 'd', 'e']);
  });

  it.each([1, 7, 60, 130, 190])('a request in pieces, cut at byte %i, is accepted', async (cut) => {
    const client = await (await start()).warm();
    const text = client.up(['in pieces']);
    client.write(text.slice(0, cut));
    // The server has read this much.
    const end = await serverEnd(client);
    await eventually(() => end.bytesRead >= client.socket.bytesWritten);
    expect(JSON.parse((await client.ask(text.slice(cut))).body)).toMatchObject({ received: 1 });
    expect(JSON.parse((await client.ask(client.up(['whole']))).body)).toMatchObject({ received: 2 });
    expect(got).toEqual(['in pieces', 'whole']);
  });

  it.each<[string, (text: string) => string, number]>([
    ['of another origin', (text) => text.replace('Accept', 'Origin: https://evil.example\r\nAccept'), 403],
    ['with half a record', (text) => text.replace('"count"', '"c\0unt"'), 400],
    ['with the record of another endpoint', (text) => text.replace('"body"', '"open"'), 400],
    ['with a body that says to be too large', (text) => text.replace(/Length: \d+/, 'Length: 99999999'), 413],
    ['with a coding', (text) => text.replace('Accept', 'Content-Encoding: gzip\r\nAccept'), 415],
    ['for no endpoint', (text) => text.replace('/up', '/upp'), 404],
    ['with two lengths', (text) => text.replace('Accept', 'Content-Length: 1\r\nAccept'), 400],
    ['with a length that is none', (text) => text.replace(/Length: \d+/, 'Length: 1x'), 400],
    ['that is no HTTP', () => 'hello\r\n\r\n', 400],
  ])('a request %s is refused as on a new connection', async (_, change, status) => {
    const client = await (await start()).warm();
    expect((await client.ask(change(client.up()))).status).toBe(status);
    const next = await open();
    expect((await next.ask(next.up())).status).toBe(200);
  });

  it('the origin is checked again whenever the header differs, however similar', async () => {
    const client = await start();
    client.headers = 'Origin: http://here\r\n';
    await client.warm();
    expect((await client.ask(client.up())).status).toBe(200);
    client.headers = 'Origin: http://h3re\r\n';
    expect((await client.ask(client.up())).status).toBe(403);
  });

  it('a wrong count is refused on that request only, because a connection carries no rights of its session', async () => {
    const client = await (await start()).warm();
    expect((await client.ask(client.up().replace('"count":0', '"count":3'))).status).toBe(400);
    const next = await open();
    expect((await next.ask(next.up())).status).toBe(200);
    await next.warm();
    const unknown = next.up().replace(/"id":"[^"]+"/, (id) => `"id":"${'x'.repeat(id.length - 7)}"`);
    const { status, body } = await next.ask(unknown);
    expect([status, JSON.parse(body)]).toEqual([200, { t: 'refused', code: 'unknown', instance: 1 }]);
  });

  it('[SN-8.4] errors are answered without a status where the endpoint does so', async () => {
    const client = await (await start()).warm();
    for (let i = 0; i < 3; i += 1) await client.ask(client.poll({ prompt: true }, 'xdr-poll'));
    expect((await client.ask(client.poll({ first: 0, count: 1, m: ['x'] }, 'xdr-poll'))).status).toBe(200);
  });

  it.each([
    ['chunks', 'Transfer-Encoding: chunked\r\n'],
    ['an expectation of 100 Continue', 'Expect: 100-continue\r\nContent-Length: '],
  ])('a body with %s is accepted', async (_, header) => {
    const client = await (await start()).warm();
    const body = client.up(['of another kind']).split('\r\n\r\n')[1] as string;
    const chunked = header.startsWith('Transfer');
    const head = `POST /everywire/up HTTP/1.1\r\nHost: here\r\n${header}${chunked ? '\r\n' : `${body.length}\r\n\r\n`}`;
    if (!chunked) expect((await client.ask(head)).status).toBe(100);
    const { status } = await client.ask(chunked ? `${head}${body.length.toString(16)}\r\n${body}\r\n0\r\n\r\n` : body);
    expect(status).toBe(200);
    expect((await client.ask(client.up(['and on']))).status).toBe(200);
    expect(got).toEqual(['of another kind', 'and on']);
  });

  it.each([
    ['HTTP/1.0', (text: string) => text.replace('HTTP/1.1', 'HTTP/1.0').replace('keep-alive', 'close')],
    ['Connection: close', (text: string) => text.replace('keep-alive', 'close')],
  ])('the connection ends after a request with %s', async (_, change) => {
    const client = await (await start()).warm();
    expect((await client.ask(change(client.up(['last'])))).head).toContain('connection: close\r\n');
    await eventually(() => client.closed);
    expect(got).toEqual(['last']);
  });

  it('HEAD is answered without a body, and the connection continues', async () => {
    const client = await (await start()).warm();
    server.http.on('request', (_request, response) => response.end('not ours'));
    client.write('HEAD /elsewhere HTTP/1.1\r\nHost: here\r\n\r\nGET /elsewhere HTTP/1.1\r\nHost: here\r\n\r\n');
    await eventually(() => parsed > 0);
    const get = await client.answer();
    expect(get.status).toBe(200);
    expect((await client.answer()).body).toContain('not ours');
  });

  it('the server notices immediately that a client with a parked poll has disconnected', async () => {
    const client = await (await start()).warm();
    for (const leave of ['end', 'destroy', 'resetAndDestroy'] as const) {
      const one = await (await open()).warm();
      await one.ask(one.poll({ prompt: true }));
      await one.ask(one.poll({ prompt: true }));
      one.write(one.poll());
      await eventually(() => session?.transport === 'long-poll');
      one.socket[leave]();
      await eventually(() => session?.transport === null);
    }
    expect((await client.ask(client.up())).status).toBe(200);
  });

  it('a connection is closed when it has been idle for the announced time', async () => {
    const client = await start();
    server.http.keepAliveTimeout = 100;
    await client.warm();
    const from = performance.now();
    await eventually(() => client.closed);
    expect(performance.now() - from).toBeGreaterThan(50);
  });

  it('[SN-15.7] a connection with a parked poll is not idle', async () => {
    const client = await start({ limits: { heartbeatMs: 1_500 } });
    server.http.keepAliveTimeout = 50;
    await client.ask(client.poll({ prompt: true }));
    await client.ask(client.poll({ prompt: true }));
    expect(lines((await client.ask(client.poll())).body)).toMatchObject([{ t: 'attached' }]);
    expect(client.closed).toBe(false);
  });

  it('a parked poll is answered when the HTTP server closes', async () => {
    const client = await (await start()).warm();
    await client.ask(client.poll({ prompt: true }));
    await client.ask(client.poll({ prompt: true }));
    client.write(client.poll());
    await eventually(() => session?.transport === 'long-poll');
    server.http.close();
    session?.send('before it goes');
    expect(lines((await client.answer()).body)).toMatchObject([{ t: 'attached' }, 'before it goes']);
  });

  it('a connection belongs to its HTTP server again when the transport server has closed', async () => {
    const client = await (await start()).warm();
    server.http.keepAliveTimeout = 5_000;
    server.http.on('request', (_request, response) => response.writeHead(418, { 'content-length': 0 }).end());
    await server.wire.close({ deadlineMs: 1 });
    expect((await client.ask(client.up())).status).toBe(418);
    expect((await client.ask(client.up())).status).toBe(418);
  });

  it('a connection can become a WebSocket of the transport server or of another library', async () => {
    const client = await (await start()).warm();
    const upgrade = (path: string, more = ''): string =>
      `GET ${path} HTTP/1.1\r\nHost: here\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n` +
      `Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n${more}\r\n`;
    const ours = await client.ask(upgrade('/everywire/websocket', 'Sec-WebSocket-Protocol: everywire.2\r\n'));
    expect(ours.status).toBe(101);

    const others = new WebSocketServer({ noServer: true });
    server.http.on('upgrade', (request, socket, head) =>
      others.handleUpgrade(request, socket, head, (socket) => socket.on('message', (data) => socket.send(`${data}!`))),
    );
    const next = await (await open()).warm();
    expect((await next.ask(upgrade('/elsewhere'))).status).toBe(101);
    const echo = once(next.socket, 'data');
    // A masked text frame with a key of zeros: "hey".
    next.write('\x81\x83\0\0\0\0hey');
    expect(String(await echo)).toBe('\x81\x04hey!');
    others.close();
  });

  it('[SN-3] a client that sends requests without reading is limited', async () => {
    const client = await start({ limits: { down: { messages: 256, bytes: 1 << 20 } } });
    await client.warm();
    const end = await serverEnd(client);
    for (let i = 0; i < 200; i += 1) session?.send('x'.repeat(1_000));
    client.socket.pause();
    let most = 0;
    // Until the server reads no more, though it was given time.
    for (let looks = 0, asked = 0; looks < 100 && asked < 300; looks += 1) {
      if (end.bytesRead < client.socket.bytesWritten) {
        await new Promise((resolve) => setTimeout(resolve, 2));
        continue;
      }
      client.write(client.poll());
      asked += 1;
      looks = 0;
      await eventually(() => end.bytesRead >= client.socket.bytesWritten || waitingAt(end) > 0);
      most = Math.max(most, waitingAt(end));
    }
    expect(most).toBeGreaterThan(0);
    expect(most).toBeLessThan(2 << 20);
  });
});
