// Over 300 lines: every fault is tested on the same small server and the same sockets.
import { createServer as createHttpServer, get, type IncomingMessage, request, type Server } from 'node:http';
import { type AddressInfo, connect, createServer as createTcpServer, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { createFaultProxy, type FaultProxy } from './fault-proxy.js';

/** The events of a client's socket; the last one is how it ended. */
interface Seen {
  readonly socket: Socket;
  readonly pieces: Buffer[];
  readonly ended: Promise<string>;
}

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

/** Starts a server: `/stream` sends ten parts of ten bytes, one per tick; `/hang` sends a first part without an end; any other path echoes its address. */
async function startServer(onUpgrade?: (socket: Socket) => void): Promise<Server> {
  const server = createHttpServer((message, answer) => {
    if (message.url === '/hang') return void answer.write('first part');
    if (message.url !== '/stream')
      return void answer.end(`${message.method} ${message.url} ${message.headers.upgrade ?? '-'}`);
    let left = 10;
    const next = (): void => {
      answer.write('0123456789');
      if (--left > 0) setImmediate(next);
      else answer.end();
    };
    next();
  });
  server.on('upgrade', (_message, socket: Socket) => {
    socket.on('error', () => undefined);
    onUpgrade?.(socket);
    socket.write('HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n');
    socket.on('data', (piece) => socket.write(piece));
    socket.on('end', () => socket.end());
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  closers.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return server;
}

/** Starts that server and a fault proxy in front of it, through which all tests connect. */
async function startProxy(onUpgrade?: (socket: Socket) => void): Promise<FaultProxy> {
  const server = await startServer(onUpgrade);
  const proxy = await createFaultProxy((server.address() as AddressInfo).port);
  closers.unshift(() => proxy.close());
  return proxy;
}

/** Opens a connection and sends this text. */
function open(proxy: FaultProxy, text: string): Seen {
  const socket = connect({ port: proxy.port, host: '127.0.0.1', allowHalfOpen: true });
  const pieces: Buffer[] = [];
  closers.unshift(() => socket.destroy());
  socket.on('data', (piece: Buffer) => pieces.push(piece));
  const ended = new Promise<string>((done) => {
    socket.on('error', (error: NodeJS.ErrnoException) => done(error.code ?? 'error'));
    socket.on('end', () => done('end'));
  });
  socket.write(text);
  return { socket, pieces, ended };
}

/** Opens a WebSocket and waits for the end of its handshake. */
function openWebSocket(proxy: FaultProxy): Promise<Seen> {
  const seen = open(proxy, 'GET /ws HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n');
  return new Promise((done) => seen.socket.once('data', () => done(seen)));
}

const nextData = (seen: Seen): Promise<Buffer> => new Promise((done) => seen.socket.once('data', done));

async function read(
  proxy: FaultProxy,
  path: string,
): Promise<{ readonly status: number | undefined; readonly body: string }> {
  const response = await new Promise<IncomingMessage>((done, failed) => {
    get({ port: proxy.port, host: '127.0.0.1', path, agent: false }, done).on('error', failed);
  });
  let body = '';
  for await (const piece of response) body += piece;
  return { status: response.statusCode, body };
}

describe('fault proxy', () => {
  it('the fault proxy passes requests, streams and WebSockets on when nothing is injected', async () => {
    const proxy = await startProxy();
    expect(await read(proxy, '/a')).toEqual({ status: 200, body: 'GET /a -' });
    expect((await read(proxy, '/stream')).body).toBe('0123456789'.repeat(10));
    const socket = await openWebSocket(proxy);
    socket.socket.write('echo');
    expect((await nextData(socket)).toString()).toBe('echo');
    socket.socket.end();
    expect(await socket.ended).toBe('end');
    expect(proxy.counters).toMatchObject({ connections: 3, requests: 3, upgrades: 1, cuts: 0, silencedBytes: 0 });
  });

  it('the fault proxy cuts every open connection immediately, by RST or FIN', async () => {
    const proxy = await startProxy();
    const reset = await openWebSocket(proxy);
    expect(proxy.cutNow('reset')).toBe(1);
    expect(await reset.ended).toBe('ECONNRESET');
    const ended = await openWebSocket(proxy);
    expect(proxy.cutNow('end', { only: 'http' })).toBe(0);
    expect(proxy.cutNow('end', { only: 'websocket' })).toBe(1);
    expect(await ended.ended).toBe('end');
    expect(proxy.counters.cuts).toBe(2);
  });

  it('the fault proxy cuts a response after the given bytes, the given number of times', async () => {
    const proxy = await startProxy();
    proxy.inject({ kind: 'cut', how: 'end', afterBytes: 20, path: '/stream', times: 1 });
    const seen = open(proxy, 'GET /stream HTTP/1.1\r\nHost: x\r\n\r\n');
    expect(await seen.ended).toBe('end');
    expect(Buffer.concat(seen.pieces)).toHaveLength(20);
    expect((await read(proxy, '/stream')).body).toHaveLength(100);
    expect(proxy.counters.cuts).toBe(1);
  });

  it('the fault proxy leaves no hole when a cut is lifted before its bytes are written', async () => {
    const proxy = await startProxy();
    proxy.inject({ kind: 'delay', ms: 50 });
    const lift = proxy.inject({ kind: 'cut', how: 'end', afterBytes: 20 });
    const seen = open(proxy, 'GET /stream HTTP/1.1\r\nHost: x\r\n\r\n');
    // One piece upstream and one downstream are delayed: the cut is decided and pending.
    await expect.poll(() => proxy.counters.delayedPieces, { interval: 2 }).toBeGreaterThan(1);
    lift();
    expect(await seen.ended).toBe('end');
    expect(Buffer.concat(seen.pieces)).toHaveLength(20);
    expect(proxy.counters.cuts).toBe(1);
  });

  it('the fault proxy kills an opened WebSocket after bytes, counted from its opening, and after a time', async () => {
    const proxy = await startProxy();
    const lift = proxy.inject({ kind: 'cut', how: 'end', afterBytes: 6, only: 'websocket' });
    const byBytes = await openWebSocket(proxy);
    byBytes.socket.write('1234');
    expect((await nextData(byBytes)).toString()).toBe('1234');
    byBytes.socket.write('5678');
    expect(await byBytes.ended).toBe('end');
    expect(Buffer.concat(byBytes.pieces).toString()).toMatch(/\r\n\r\n123456$/);
    lift();
    // Not by RST: libuv reports an end when it finds unread data and a RST together.
    proxy.inject({ kind: 'cut', how: 'end', afterMs: 5, only: 'websocket' });
    expect(await (await openWebSocket(proxy)).ended).toBe('end');
    expect((await read(proxy, '/a')).status).toBe(200);
    expect(proxy.counters).toMatchObject({ upgrades: 2, cuts: 2 });
  });

  it('the fault proxy refuses new connections until it is lifted', async () => {
    const proxy = await startProxy();
    const before = await openWebSocket(proxy);
    const lift = proxy.inject({ kind: 'refuse' });
    await expect(read(proxy, '/a')).rejects.toThrow();
    before.socket.write('still');
    expect((await nextData(before)).toString()).toBe('still');
    lift();
    expect((await read(proxy, '/a')).status).toBe(200);
    expect(proxy.counters.refusals).toBe(1);
  });

  it('the fault proxy silences open connections for ever and new ones while in force, without a signal to either end', async () => {
    const proxy = await startProxy();
    const before = await openWebSocket(proxy);
    proxy.inject({ kind: 'silence' });
    const during = open(proxy, 'GET /a HTTP/1.1\r\nHost: x\r\n\r\n');
    before.socket.write('lost');
    await expect.poll(() => proxy.counters.silencedBytes).toBe(30 - 2 + 4);
    proxy.lift();
    before.socket.write('lost too');
    expect((await read(proxy, '/a')).status).toBe(200);
    await expect.poll(() => proxy.counters.silencedBytes).toBe(28 + 4 + 8);
    expect([before.pieces.length, during.pieces.length]).toEqual([1, 0]);
    expect(proxy.counters.silencedConnections).toBe(2);
    expect([before.socket.readyState, during.socket.readyState]).toEqual(['open', 'open']);
  });

  it('the fault proxy silences one path and leaves others alone', async () => {
    const proxy = await startProxy();
    proxy.inject({ kind: 'silence', path: '/hang' });
    const mute = open(proxy, 'GET /hang HTTP/1.1\r\nHost: x\r\n\r\n');
    await expect.poll(() => proxy.counters.silencedConnections).toBe(1);
    expect((await read(proxy, '/a')).status).toBe(200);
    expect(mute.pieces).toEqual([]);
  });

  it('the fault proxy holds back the data of open connections in both directions, and delivers all of it when lifted', async () => {
    const proxy = await startProxy();
    const before = await openWebSocket(proxy);
    const left = await openWebSocket(proxy);
    const lift = proxy.inject({ kind: 'hold' });
    before.socket.write('held');
    left.socket.destroy();
    expect((await read(proxy, '/a')).status).toBe(200);
    expect(before.pieces).toHaveLength(1);
    lift();
    expect((await nextData(before)).toString()).toBe('held');
    before.socket.end();
    expect(await before.ended).toBe('end');
    expect(proxy.counters).toMatchObject({ heldConnections: 2, cuts: 0 });
  });

  it('the fault proxy resets one connection of several', async () => {
    const proxy = await startProxy();
    expect(proxy.cutOne(() => 0)).toBe(false);
    const first = await openWebSocket(proxy);
    const second = await openWebSocket(proxy);
    expect(proxy.cutOne((open) => open - 1)).toBe(true);
    expect(await second.ended).toBe('ECONNRESET');
    first.socket.write('still');
    expect((await nextData(first)).toString()).toBe('still');
    expect(proxy.counters.cuts).toBe(1);
  });

  it('the fault proxy leaves connections half open: the client is reset, the server notices later', async () => {
    const upgraded: Socket[] = [];
    const proxy = await startProxy((socket) => upgraded.push(socket));
    const seen = await openWebSocket(proxy);
    const gone = new Promise<void>((done) => upgraded[0]!.once('close', done));
    const reset = proxy.halfOpen();
    expect(await seen.ended).toBe('ECONNRESET');
    upgraded[0]!.write('into the void');
    await expect.poll(() => proxy.counters.silencedBytes).toBe(13);
    expect(upgraded[0]!.readyState).toBe('open');
    reset();
    await gone;
    expect(proxy.counters).toMatchObject({ halfOpened: 1, cuts: 0 });
  });

  it('the fault proxy delays, and keeps the order', async () => {
    const proxy = await startProxy();
    proxy.inject({ kind: 'delay', ms: 30 });
    const from = performance.now();
    expect((await read(proxy, '/stream')).body).toBe('0123456789'.repeat(10));
    // Delayed once per direction; timers may fire a millisecond early.
    expect(performance.now() - from).toBeGreaterThan(58);
    expect(proxy.counters.delayedPieces).toBeGreaterThan(1);
  });

  it('the fault proxy dribbles without loss', async () => {
    const proxy = await startProxy();
    proxy.inject({ kind: 'dribble', bytes: 3 });
    expect((await read(proxy, '/stream')).body).toBe('0123456789'.repeat(10));
    expect(proxy.counters.dribbledWrites).toBeGreaterThan(30);
  });

  it('the fault proxy withholds a response until its end, and an endless one for ever', async () => {
    const proxy = await startProxy();
    proxy.inject({ kind: 'withhold' });
    const seen = open(proxy, 'GET /hang HTTP/1.1\r\nHost: x\r\n\r\n');
    await expect.poll(() => proxy.counters.withheldBytes).toBe(10);
    expect(await read(proxy, '/stream')).toEqual({ status: 200, body: '0123456789'.repeat(10) });
    expect(seen.pieces).toEqual([]);
    expect(proxy.counters).toMatchObject({ withheldResponses: 1, withheldBytes: 110 });
    expect(proxy.cutNow('reset')).toBe(1);
    expect(await seen.ended).toBe('ECONNRESET');
  });

  it('the fault proxy blocks an Upgrade with 403 or by removing its headers', async () => {
    const proxy = await startProxy();
    const lift = proxy.inject({ kind: 'block-upgrade', how: 'forbid' });
    const forbidden = await openWebSocket(proxy);
    expect(Buffer.concat(forbidden.pieces).toString()).toMatch(/^HTTP\/1.1 403 /);
    expect(await forbidden.ended).toBe('end');
    lift();
    proxy.inject({ kind: 'block-upgrade', how: 'strip' });
    const stripped = await openWebSocket(proxy);
    expect(Buffer.concat(stripped.pieces).toString()).toMatch(/^HTTP\/1.1 200 [\s\S]*GET \/ws -/);
    expect(proxy.counters).toMatchObject({ blockedUpgrades: 2, upgrades: 0 });
  });

  it('the fault proxy tracks every request of a keep-alive connection, skipping bodies', async () => {
    const proxy = await startProxy();
    const seen = open(proxy, '');
    const text =
      'POST /one HTTP/1.1\r\nHost: x\r\nContent-Length: 24\r\n\r\nGET /no HTTP/1.1\r\nX: y\r\n\r\nGET /two HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n';
    for (const char of text) seen.socket.write(char);
    expect(await seen.ended).toBe('end');
    expect(Buffer.concat(seen.pieces).toString()).toMatch(/POST \/one[\s\S]*GET \/two/);
    expect(proxy.counters.requests).toBe(2);
  });

  it('the fault proxy forwards a reset of either side to the other', async () => {
    const proxy = await startProxy();
    const answered = new Promise<string>((done) => {
      const message = request({ port: proxy.port, host: '127.0.0.1', path: '/hang', agent: false }, (answer) => {
        answer.on('error', () => done('reset'));
        answer.resume();
        proxy.cutNow('reset');
      });
      message.on('error', () => undefined);
      message.end();
    });
    expect(await answered).toBe('reset');
  });

  it('the fault proxy buffers the rest of a response until its end, and passes other responses', async () => {
    const proxy = await startProxy();
    const hanging = open(proxy, 'GET /hang HTTP/1.1\r\nHost: test\r\n\r\n');
    while (!Buffer.concat(hanging.pieces).includes('first part')) await new Promise(setImmediate);
    const lift = proxy.inject({ kind: 'buffer', path: '/stream' });
    const streamed = open(proxy, 'GET /stream HTTP/1.0\r\nHost: test\r\n\r\n');
    const other = open(proxy, 'GET /other HTTP/1.0\r\nHost: test\r\n\r\n');
    expect([await streamed.ended, await other.ended]).toEqual(['end', 'end']);
    expect(Buffer.concat(streamed.pieces).toString()).toContain('0123456789'.repeat(10));
    expect(proxy.counters.bufferedBytes).toBe(Buffer.concat(streamed.pieces).length);
    lift();
  });
});

describe('raw TCP', () => {
  it('raw TCP has its own port, under the same faults, and is cut by downstream bytes', async () => {
    const echo = createTcpServer((socket) => {
      socket.on('error', () => undefined);
      socket.pipe(socket);
    });
    await new Promise<void>((done) => echo.listen(0, '127.0.0.1', done));
    const proxy = await createFaultProxy(1, (echo.address() as AddressInfo).port);
    closers.push(
      () => proxy.close(),
      () => echo.close(),
    );
    proxy.inject({ kind: 'cut', how: 'end', afterBytes: 20 });
    const socket = connect(proxy.tcpPort, '127.0.0.1');
    let came = '';
    socket.on('data', (piece: Buffer) => {
      came += piece.toString();
    });
    const ended = new Promise((done) => socket.on('end', () => done('end')));
    socket.write('everywire.2\n0123456789');
    await ended;
    expect([came, proxy.counters.cuts]).toEqual(['everywire.2\n01234567', 1]);
  });
});
