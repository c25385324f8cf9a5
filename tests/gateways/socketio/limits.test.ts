import { subscribe } from 'node:diagnostics_channel';
import { once } from 'node:events';
import { connect } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { heard, SocketIoServer } from './socketio-server.js';

// Tests the timeouts and limits of the Socket.IO gateway, by plain requests.

let server: SocketIoServer;
afterEach(() => server.close());

const address = (query: string): string => `${server.url}/socket.io/?EIO=4&${query}`;
/** Opens a session of Engine.IO by polling and returns its id. */
async function begin(): Promise<string> {
  return JSON.parse((await (await fetch(address('transport=polling'))).text()).slice(1)).sid;
}
const poll = async (sid: string): Promise<string> => (await fetch(address(`transport=polling&sid=${sid}`))).text();
const post = (sid: string, body: string) => fetch(address(`transport=polling&sid=${sid}`), { method: 'POST', body });

it('a client that enters no namespace, or answers no ping, is disconnected', async () => {
  server = await new SocketIoServer(
    { pingInterval: 100, pingTimeout: 100 },
    { limits: { unattachedMs: 100 } },
  ).listen();
  expect(await poll(await begin())).toBe('1');
  const reasons: string[] = [];
  server.io.on('connection', (socket) => socket.on('disconnect', (reason: string) => reasons.push(reason)));
  const silent = await begin();
  await post(silent, '40');
  let text = '';
  while (!text.endsWith('1')) text = await poll(silent);
  expect(reasons).toEqual(['ping timeout']);
  const away = await begin();
  await post(away, '40');
  await expect.poll(() => reasons).toEqual(['ping timeout', 'ping timeout']);
  expect(JSON.parse(await poll(away))).toEqual({ code: 1, message: 'Session ID unknown' });
  const honest = server.client();
  await heard(honest, 'connect');
  // Waits for several pings.
  for (let number = 0; number < 3; number++) await new Promise<void>((done) => honest.io.once('ping', done));
  expect(honest.connected).toBe(true);
});

it('a socket ends when its claims expire', async () => {
  server = await new SocketIoServer(
    {},
    { authenticate: () => ({ subject: 'ann', expiresAt: Date.now() + 300 }) },
  ).listen();
  const reason = await heard(server.client(), 'disconnect');
  expect(reason).toBe('io server disconnect');
});

it('a failing handler ends its socket without revealing the error', async () => {
  server = await new SocketIoServer().listen();
  server.io.on('connection', (socket) => {
    socket.on('throw', () => {
      throw new Error('a secret');
    });
    socket.on('reject', () => Promise.reject(new Error('a secret')));
  });
  for (const event of ['throw', 'reject']) {
    const client = server.client();
    client.emit(event);
    await heard(client, 'disconnect');
  }
  // Equal notices are rate-limited.
  expect(server.notices).toEqual(['handler_failed']);
});

it('a client whose handlers are pending is not read until they finish', async () => {
  server = await new SocketIoServer().listen();
  let begun = 0;
  let end: () => void = () => undefined;
  const ended = new Promise<void>((done) => {
    end = done;
  });
  server.io.on('connection', (socket) => {
    socket.on('work', () => {
      begun += 1;
      return ended;
    });
  });
  const sid = await begin();
  await post(sid, '40');
  await poll(sid);
  const sent = post(sid, Array.from({ length: 300 }, () => '42["work"]').join('\x1e'));
  await expect.poll(() => begun).toBe(256);
  end();
  await sent;
  expect(begun).toBe(300);
});

it('a client that reads too slowly first loses volatile events, and is then disconnected', async () => {
  server = await new SocketIoServer({}, { limits: { messageBytesMax: 60_000, rawWaitingBytesMax: 300_000 } }).listen();
  const reasons: string[] = [];
  server.io.on('connection', (socket) => socket.on('disconnect', (reason: string) => reasons.push(reason)));
  const sid = await begin();
  await post(sid, '40');
  await poll(sid);
  const text = 'x'.repeat(50_000);
  for (let number = 0; number < 10; number++) server.io.volatile.emit('perhaps', text);
  expect((await poll(sid)).split('\x1e').length).toBe(5);
  for (let number = 0; number < 10; number++) server.io.emit('surely', text);
  expect(await poll(sid)).toBe('1');
  expect(reasons).toEqual(['transport error']);
});

it('a stopping server notifies the clients of every transport, and accepts no new ones', async () => {
  server = await new SocketIoServer().listen();
  const reasons: string[] = [];
  server.io.on('connection', (socket) => socket.on('disconnect', (reason: string) => reasons.push(reason)));
  const socket = new WebSocket(address('transport=websocket').replace('http', 'ws'));
  await once(socket, 'open');
  socket.send('40');
  const sid = await begin();
  await post(sid, '40');
  await poll(sid);
  await expect.poll(() => server.io.sockets.sockets.size).toBe(2);
  const arrived = new Promise<void>((done) => {
    subscribe('http.server.request.start', () => done());
  });
  const polled = poll(sid);
  const closed = once(socket, 'close');
  await arrived;
  await server.wire.close({ deadlineMs: 5_000 });
  expect([await polled, (await closed)[0]]).toEqual(['1', 1001]);
  expect(reasons).toEqual(['server shutting down', 'server shutting down']);
});

it('a stopping server waits for a client between two polls, which gets its events and then the close', async () => {
  server = await new SocketIoServer().listen();
  const sid = await begin();
  await post(sid, '40');
  await poll(sid);
  server.io.emit('farewell');
  const stopped = server.wire.close({ deadlineMs: 20_000 });
  // The server discards what the client sends meanwhile.
  expect(await (await post(sid, '42["late"]')).text()).toBe('ok');
  expect([await poll(sid), await poll(sid)]).toEqual(['42["farewell"]', '1']);
  await stopped;
});

it('a client whose connection ends while its request is read does not enter a namespace', async () => {
  server = await new SocketIoServer().listen();
  let entered = 0;
  server.io.on('connection', () => {
    entered += 1;
  });
  const sid = await begin();
  const socket = connect(Number(new URL(server.url).port), '127.0.0.1');
  const head = `POST /socket.io/?EIO=4&transport=polling&sid=${sid} HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n`;
  socket.write(`${head}4`);
  const polled = poll(sid);
  // A second poll during the first one ends the connection.
  await expect.poll(async () => (await fetch(address(`transport=polling&sid=${sid}`))).status).toBe(400);
  await polled;
  socket.write('0');
  await once(socket, 'data');
  expect([entered, server.io.sockets.sockets.size]).toEqual([0, 0]);
  socket.destroy();
});

it('a client above the limit of links is asked to retry', async () => {
  server = await new SocketIoServer({}, { limits: { rawLinksMax: 1 } }).listen();
  await begin();
  expect((await fetch(address('transport=polling'))).status).toBe(503);
});

it('invalid options are refused', async () => {
  server = await new SocketIoServer().listen();
  const make = (options: ConstructorParameters<typeof SocketIoServer>[0]) => () => new SocketIoServer(options);
  for (const options of [
    { maxHttpBufferSize: Number.NaN },
    { maxHttpBufferSize: 1e6 },
    { transports: [] },
    { path: 'x' },
  ])
    expect(make(options)).toThrow(TypeError);
  expect(() => server.io.of('admin')).toThrow(TypeError);
  expect(() => server.io.emit('connect')).toThrow(TypeError);
  expect(() => server.io.emit('x', 1n)).toThrow(TypeError);
});
