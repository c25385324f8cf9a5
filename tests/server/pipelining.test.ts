import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { connect, type Socket } from 'node:net';
import { finished } from 'node:stream';
import type { ServerLimits } from '@everywire/server';
import { afterEach, describe, expect, it } from 'vitest';
import { eventually, HandCounts, type Listening, listen, openByPost } from './hand-client.js';

let server: Listening;
const sockets: Socket[] = [];
const heldRequests: { readonly request: IncomingMessage; readonly response: ServerResponse }[] = [];
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  heldRequests.length = 0;
  await server.end();
});

/** Starts a server with a route of its owner that answers when a test wants. */
async function start(limits: Partial<ServerLimits> = {}): Promise<void> {
  server = await listen({ limits });
  server.http.on('request', (request, response) => {
    if (request.url === '/now') response.end('now');
    else heldRequests.push({ request, response });
  });
}

interface Client {
  readonly socket: Socket;
  readonly bodies: () => readonly string[];
}

function open(): Client {
  const socket = connect({ port: server.port, host: '127.0.0.1', allowHalfOpen: true });
  sockets.push(socket);
  let text = '';
  socket.on('data', (chunk: Buffer) => {
    text += chunk.toString('latin1');
  });
  socket.on('error', () => undefined);
  return { socket, bodies: () => [...text.matchAll(/\r\n\r\n(.*?)(?=HTTP\/1\.1 |$)/gs)].map(([, body = '']) => body) };
}

const get = (path: string): string => `GET ${path} HTTP/1.1\r\nHost: h\r\n\r\n`;
const numbered = (count: number): string => Array.from({ length: count }, (_, at) => get(`/${at}`)).join('');

/** Resolves when earlier writes have been read: by then another connection was answered several times. */
async function settle(): Promise<void> {
  for (let times = 1; times <= 3; times += 1) {
    const { socket, bodies } = open();
    socket.write(get('/now'));
    await eventually(() => bodies().join('') === 'now');
  }
}

/** Answers one request after another with its path until this many were answered. */
async function answerAll(count: number): Promise<number> {
  let most = 0;
  for (let answered = 0; answered < count; answered += 1) {
    await eventually(() => heldRequests.length > answered);
    most = Math.max(most, heldRequests.length - answered);
    const { request, response } = heldRequests[answered] as (typeof heldRequests)[number];
    response.end(request.url);
  }
  return most;
}

describe('a connection with an answer outstanding', () => {
  it('a connection with a pending answer has no further request read, and is answered in order', async () => {
    await start();
    const { socket, bodies } = open();
    socket.write(numbered(600));
    await eventually(() => heldRequests.length > 0);
    await settle();
    expect(heldRequests.length).toBe(1);
    expect(await answerAll(600)).toBe(1);
    await eventually(() => bodies().length === 600);
    expect(bodies()).toEqual(Array.from({ length: 600 }, (_, at) => `/${at}`));
  });

  it('a connection with a pending answer has up to `pipelinedRequestsMax` further requests read', async () => {
    await start({ pipelinedRequestsMax: 3 });
    const { socket, bodies } = open();
    socket.write(numbered(50));
    await eventually(() => heldRequests.length === 4);
    await settle();
    expect(await answerAll(50)).toBe(4);
    await eventually(() => bodies().length === 50);
    expect(bodies()).toEqual(Array.from({ length: 50 }, (_, at) => `/${at}`));
  });

  it('other connections are served between two requests of one connection', async () => {
    await start();
    const { socket } = open();
    const neighbour = open();
    const order: string[] = [];
    server.http.prependListener('request', ({ url }: IncomingMessage) => order.push(url ?? ''));
    socket.write(get('/now').repeat(1_000));
    neighbour.socket.write(get('/neighbour'));
    await eventually(() => heldRequests.length === 1);
    expect(order.indexOf('/neighbour')).toBeLessThan(500);
  });

  it.each([
    ['of a known length', 'Content-Length: 40\r\n\r\n', '\n'.repeat(40)],
    ['in chunks', 'Transfer-Encoding: chunked\r\n\r\n', `28\r\n${'\r\n'.repeat(20)}\r\n0\r\n\r\n`],
  ])('the body of a request is read whatever it contains, %s', async (_, head, body) => {
    await start();
    const { socket, bodies } = open();
    const post = (path: string): string => `POST ${path} HTTP/1.1\r\nHost: h\r\n${head}${body}`;
    socket.write(post('/a') + post('/b') + get('/c'));
    for (const at of [0, 1, 2]) {
      await eventually(() => heldRequests.length > at);
      const { request, response } = heldRequests[at] as (typeof heldRequests)[number];
      let bytes = 0;
      for await (const chunk of request) bytes += (chunk as Buffer).length;
      await settle();
      expect(heldRequests.length).toBe(at + 1);
      response.end(String(bytes));
    }
    await eventually(() => bodies().join() === '40,40,0');
  });

  it('a chunked body is read as it came, however many empty lines it contains', async () => {
    await start();
    let [bytes, pieces] = [0, 0];
    server.http.on('request', (request) =>
      request.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
        pieces += 1;
      }),
    );
    const { socket } = open();
    const body = '\n\nx'.repeat(20_000);
    socket.write('POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n');
    socket.write(`${body.length.toString(16)};note=1\r\n${body}\r\n0\r\nTrailer: 1\r\n\r\n${numbered(10)}`);
    await eventually(() => heldRequests.length > 0);
    await eventually(() => bytes === body.length);
    expect(pieces).toBeLessThan(100);
    await settle();
    expect(heldRequests.length).toBe(1);
    heldRequests[0]?.response.end();
    await eventually(() => heldRequests.length > 1);
    await settle();
    expect(heldRequests.length).toBe(2);
  });

  it.each([
    ['in one write', ''],
    ['split within the empty line before it', '\r\n'],
  ])('no request is read behind a body that begins with empty lines, %s', async (_, split) => {
    await start();
    const { socket } = open();
    const head = 'POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 20001\r\n\r\n';
    const first = split === '' ? 0 : head.length - split.length;
    const all = `${head}${'\n'.repeat(20_000)}x${numbered(600)}`;
    socket.setNoDelay(true);
    if (first > 0) {
      socket.write(all.slice(0, first));
      await settle();
    }
    socket.write(all.slice(first));
    await eventually(() => heldRequests.length > 0);
    heldRequests[0]?.request.resume();
    await settle();
    expect(heldRequests.length).toBe(1);
  });

  it('a request with an unsupported expectation is counted, and answered with 417', async () => {
    await start();
    const { socket, bodies } = open();
    socket.write('GET /a HTTP/1.1\r\nHost: h\r\nExpect: x\r\n\r\n'.repeat(2) + get('/now'));
    await eventually(() => bodies().length === 3);
    expect(bodies()[2]).toBe('now');
    // Node answers without an event if there is no listener, and then it would not be counted.
    expect(server.http.listenerCount('checkExpectation')).toBe(1);
  });

  it('bytes that are not HTTP are reported once, however many arrive', async () => {
    await start();
    let reports = 0;
    server.http.on('clientError', (_error, socket) => {
      reports += 1;
      socket.end('HTTP/1.1 400 Bad Request\r\n\r\nno HTTP');
    });
    const { socket, bodies } = open();
    socket.write('no\r\n\r\n'.repeat(100));
    await once(socket, 'end');
    await settle();
    expect([reports, bodies()]).toEqual([1, ['no HTTP']]);
  });

  it('an upgrade behind other requests is handed over with the bytes behind it', async () => {
    await start();
    server.http.on('upgrade', (_request, socket, head) => socket.end(`HTTP/1.1 101 Yes\r\n\r\n${head}`));
    const { socket, bodies } = open();
    socket.write(`${numbered(2)}GET /up HTTP/1.1\r\nHost: h\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\none\n\ntwo`);
    await answerAll(2);
    await eventually(() => bodies()[2] === 'one\n\ntwo');
  });
});

describe('a connection that outlives the transport server', () => {
  it('a connection that outlives the transport server is handed over whole, and its parser reads nothing more', async () => {
    await start();
    let got = '';
    server.http.on('upgrade', (_request, socket, head) => {
      got += head;
      socket.write('HTTP/1.1 101 Yes\r\n\r\n');
      socket.on('data', (chunk: Buffer) => {
        got += chunk;
      });
      socket.on('end', () => socket.destroy());
    });
    const { socket, bodies } = open();
    socket.write(get('/now'));
    await eventually(() => bodies().length === 1);
    await server.wire.close({ deadlineMs: 1 });
    socket.write('GET /up HTTP/1.1\r\nHost: h\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\none\n\ntwo');
    await eventually(() => got === 'one\n\ntwo');
    socket.write(' three');
    await eventually(() => got === 'one\n\ntwo three');
    await settle();
  });

  it('requests held back are read and answered after the transport server has closed', async () => {
    await start();
    const { socket, bodies } = open();
    socket.write(numbered(3));
    await eventually(() => heldRequests.length === 1);
    await server.wire.close({ deadlineMs: 1 });
    await answerAll(3);
    await eventually(() => bodies().join() === '/0,/1,/2');
  });
});

describe('answers that were queued behind another', () => {
  it('queued answers are closed with their connection, and so is what they hold open', async () => {
    await start({ pipelinedRequestsMax: 3 });
    const { socket } = open();
    socket.write(numbered(10));
    await eventually(() => heldRequests.length === 4);
    const closed: number[] = [];
    for (const [at, { response }] of heldRequests.entries()) response.on('close', () => closed.push(at));
    socket.resetAndDestroy();
    await eventually(() => closed.length === 4);
    // A body that begins now is released as well.
    for (const { response } of heldRequests) await new Promise<void>((resolve) => finished(response, () => resolve()));
  });
});

describe('a client that has ended its side', () => {
  it('[TR-48.1] a client that has ended its side is answered, however late, and then the connection is closed', async () => {
    await start();
    const { socket, bodies } = open();
    socket.end(numbered(3));
    for (const at of [0, 1, 2]) {
      await eventually(() => heldRequests.length > at);
      await settle();
      heldRequests[at]?.response.end('late');
    }
    await once(socket, 'end');
    expect(bodies()).toEqual(['late', 'late', 'late']);
  });

  it.each([
    ['long-poll', 1],
    ['long-poll', 3],
    ['fetch-stream', 1],
  ])(
    '[TR-48.2] a client that has ended its side gets the answer of a parked %s, at request %i of its connection',
    async (name, polls) => {
      await start();
      const { socket, bodies } = open();
      const id = await openByPost(server.base);
      for (let n = 1; n <= polls; n += 1) {
        const prompt = n < polls && { prompt: true };
        const attach = JSON.stringify({ t: 'attach', id, n, instance: 1, ...prompt, ...new HandCounts().block });
        socket.write(
          `POST /everywire/${name} HTTP/1.1\r\nHost: h\r\nContent-Length: ${attach.length}\r\n\r\n${attach}`,
        );
        if (prompt) await eventually(() => bodies().length === n);
      }
      const [session] = server.wire.sessions();
      await eventually(() => session?.transport === name);
      socket.end();
      await once(socket, 'end');
      expect(bodies().length).toBe(polls);
      expect(bodies().at(-1)).toContain('"t":"attached"');
      expect(session?.transport).toBe(null);
    },
  );

  it('a client that has ended its side is kept for at most `halfOpenMs`', async () => {
    await start({ halfOpenMs: 50 });
    const { socket } = open();
    socket.end(get('/never'));
    await eventually(() => heldRequests.length > 0);
    await once(heldRequests[0]?.response as ServerResponse, 'close');
  });
});
