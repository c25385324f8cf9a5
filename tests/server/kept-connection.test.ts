// Longer than 300 lines, because every case begins with a connection in the same state.
import diagnostics from 'node:diagnostics_channel';
import { once } from 'node:events';
import type { Server } from 'node:http';
import type { WireSession } from '@everywire/server';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WebSocketServer } from 'ws';
import { eventually, type Listening, listen } from './hand-client.js';
import { KeptClient, lines, serverEnd, waitingAt } from './kept-client.js';

/*
 * A kept connection is one keep-alive HTTP connection on which a client sends one request after the other. Node's parser reads its
 * first requests. After that the server recognizes the connection and reads its requests itself, which is cheaper ("our reader").
 * The tests check that both readers behave alike.
 */

/** Whether our reader is in use. `EVERYWIRE_SOCKETS=public` turns it off, so that Node's parser reads every request. */
const direct = process.env['EVERYWIRE_SOCKETS'] !== 'public';
const clients: KeptClient[] = [];
let server: Listening;
let session: WireSession | undefined;
/** The messages that the server's application has received. */
const received: unknown[] = [];
/** The number of requests read by Node's own parser. */
let parsed = 0;

function onParsed(event: unknown): void {
  if ((event as { server: Server }).server === server.http) parsed += 1;
}

beforeEach(() => {
  received.length = 0;
  parsed = 0;
  diagnostics.subscribe('http.server.request.start', onParsed);
});
afterEach(async () => {
  diagnostics.unsubscribe('http.server.request.start', onParsed);
  for (const { socket } of clients.splice(0)) socket.destroy();
  await server.end();
});

/** Starts a server. Returns a client with an open session, whose connection the server has not recognized yet (see `warm`). */
async function start(options: Parameters<typeof listen>[0] = {}): Promise<KeptClient> {
  const onSession = (opened: WireSession): void => {
    session = opened;
    opened.onMessage = (data) => void received.push(data);
  };
  server = await listen({ onSession, ...options });
  return open();
}

/** Opens a further session with a connection of its own. */
async function open(): Promise<KeptClient> {
  const client = await KeptClient.open(server);
  clients.push(client);
  return client;
}

/** Sends two polls that are answered immediately (`prompt`). Only a later poll without `prompt` is parked, that is, held open. */
async function pollTwice(client: KeptClient): Promise<void> {
  await client.ask(client.poll({ prompt: true }));
  await client.ask(client.poll({ prompt: true }));
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
    expect(received).toEqual([0, 1, 2, 3, 4, 5].map((i) => `message ${i}`));
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
    await pollTwice(client);
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
    expect(received).toEqual(['behind a poll']);
  });

  it('several requests that arrive together are read, and our reader stays in use', async () => {
    const client = await (await start()).warm();
    client.write(client.up(['a']) + client.up(['b']) + client.up(['c']));
    for (const count of [1, 2, 3]) expect(JSON.parse((await client.answer()).body)).toMatchObject({ received: count });
    await client.ask(client.up(['d']));
    const before = parsed;
    await client.ask(client.up(['e']));
    expect(parsed - before).toBe(direct ? 0 : 1);
    expect(received).toEqual(['a', 'b', 'c', 'd', 'e']);
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
    expect(received).toEqual(['in pieces', 'whole']);
  });

  it.each<[string, (text: string) => string, number]>([
    ['of another origin', (text) => text.replace('Accept', 'Origin: https://evil.example\r\nAccept'), 403],
    ['with a control character in its record', (text) => text.replace('"count"', '"c\0unt"'), 400],
    ['with the record of another endpoint', (text) => text.replace('"body"', '"open"'), 400],
    ['with an announced length above the limit', (text) => text.replace(/Length: \d+/, 'Length: 99999999'), 413],
    ['with a content coding', (text) => text.replace('Accept', 'Content-Encoding: gzip\r\nAccept'), 415],
    ['for an unknown endpoint', (text) => text.replace('/up', '/upp'), 404],
    ['with two lengths', (text) => text.replace('Accept', 'Content-Length: 1\r\nAccept'), 400],
    ['with a length that is not a number', (text) => text.replace(/Length: \d+/, 'Length: 1x'), 400],
    ['that is not HTTP', () => 'hello\r\n\r\n', 400],
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

  it('a wrong count and an unknown session are refused, and other connections are unaffected', async () => {
    const client = await (await start()).warm();
    expect((await client.ask(client.up().replace('"count":0', '"count":3'))).status).toBe(400);
    const next = await open();
    expect((await next.ask(next.up())).status).toBe(200);
    await next.warm();
    const unknown = next.up().replace(/"id":"[^"]+"/, (id) => `"id":"${'x'.repeat(id.length - 7)}"`);
    const { status, body } = await next.ask(unknown);
    expect([status, JSON.parse(body)]).toEqual([200, { t: 'refused', code: 'unknown', instance: 1 }]);
  });

  it('[SN-8.4] an error is answered with status 200 at an endpoint whose clients can read nothing else', async () => {
    const client = await (await start()).warm();
    // Enough requests for the server to recognize the connection.
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
    expect(received).toEqual(['of another kind', 'and on']);
  });

  it.each([
    ['HTTP/1.0', (text: string) => text.replace('HTTP/1.1', 'HTTP/1.0').replace('keep-alive', 'close')],
    ['Connection: close', (text: string) => text.replace('keep-alive', 'close')],
  ])('the connection ends after a request with %s', async (_, change) => {
    const client = await (await start()).warm();
    expect((await client.ask(change(client.up(['last'])))).head).toContain('connection: close\r\n');
    await eventually(() => client.closed);
    expect(received).toEqual(['last']);
  });

  it('HEAD is answered without a body, and the connection continues', async () => {
    const client = await (await start()).warm();
    const before = parsed;
    // Answers requests outside the path of the transport server.
    server.http.on('request', (_request, response) => response.end('not ours'));
    client.write('HEAD /elsewhere HTTP/1.1\r\nHost: here\r\n\r\nGET /elsewhere HTTP/1.1\r\nHost: here\r\n\r\n');
    await eventually(() => parsed > before);
    const answerToHead = await client.answer();
    expect([answerToHead.status, answerToHead.body]).toEqual([200, '']);
    expect((await client.answer()).body).toContain('not ours');
  });

  it('the server notices immediately that a client with a parked poll has disconnected', async () => {
    const client = await (await start()).warm();
    for (const leave of ['end', 'destroy', 'resetAndDestroy'] as const) {
      const other = await (await open()).warm();
      await pollTwice(other);
      other.write(other.poll());
      await eventually(() => session?.transport === 'long-poll');
      other.socket[leave]();
      await eventually(() => session?.transport === null);
    }
    expect((await client.ask(client.up())).status).toBe(200);
  });

  it('a connection is closed when it has been idle for the time of the Keep-Alive header', async () => {
    const client = await start();
    server.http.keepAliveTimeout = 100;
    await client.warm();
    const from = performance.now();
    await eventually(() => client.closed);
    // The timers of Node may fire early, so half of the time is enough.
    expect(performance.now() - from).toBeGreaterThan(50);
  });

  it('[SN-15.7] a connection with a parked poll is not idle', async () => {
    // A parked poll is answered after a heartbeat, long after an idle connection would be closed.
    const client = await start({ limits: { heartbeatMs: 1_500 } });
    server.http.keepAliveTimeout = 50;
    await pollTwice(client);
    expect(lines((await client.ask(client.poll())).body)).toMatchObject([{ t: 'attached' }]);
    expect(client.closed).toBe(false);
  });

  it('a parked poll is answered when the HTTP server closes', async () => {
    const client = await (await start()).warm();
    await pollTwice(client);
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
    /** The highest number of bytes that the server had to hold back. */
    let heldBytesMax = 0;
    // Sends up to 300 polls. Ends earlier if the server has read nothing for 100 pauses of 2 ms.
    for (let pauses = 0, polls = 0; pauses < 100 && polls < 300; pauses += 1) {
      if (end.bytesRead < client.socket.bytesWritten) {
        await new Promise((resolve) => setTimeout(resolve, 2));
        continue;
      }
      client.write(client.poll());
      polls += 1;
      pauses = 0;
      await eventually(() => end.bytesRead >= client.socket.bytesWritten || waitingAt(end) > 0);
      heldBytesMax = Math.max(heldBytesMax, waitingAt(end));
    }
    expect(heldBytesMax).toBeGreaterThan(0);
    expect(heldBytesMax).toBeLessThan(2 << 20);
  });
});
