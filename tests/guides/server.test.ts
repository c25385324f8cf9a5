import { readFileSync } from 'node:fs';
import type { Server as HttpServer } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo, Server as TcpServer } from 'node:net';
import { join } from 'node:path';
import { createWireClient, type WireClient, type WireClientOptions } from '@everywire/client';
import { createSockJsGateway } from '@everywire/gateway-sockjs';
import { createWireServer, type WireServer, type WireServerOptions, type WireSession } from '@everywire/server';
import { createFaultProxy, type FaultProxy } from '@everywire/testkit';
import express from 'express';
import fastify, { type FastifyInstance } from 'fastify';
import { io } from 'socket.io-client';
import { expect, test, vi } from 'vitest';
import WebSocket from 'ws';
import { Guide, portOf, root, runBlock, serve, serveSessions, whenOver } from './guide.js';

const readme = new Guide('README.md');
const server = new Guide('docs/guides/transport-server.md', [8]);
const faults = new Guide('docs/guides/faults.md');
const fromSockJs = new Guide('docs/guides/from-sockjs.md');
const fromWebSocket = new Guide('docs/guides/from-websocket.md', [1, 2]);
const fromSocketIo = new Guide('docs/guides/from-socket-io.md', [1, 2, 3]);

const port = { before: 'listen(8088)', after: "listen(0, '127.0.0.1')" };
const echo = (session: WireSession): void => {
  session.onMessage = (data) => void session.send(data);
};

function connect(url: string, options: WireClientOptions = {}): WireClient {
  const client = createWireClient(url, options);
  whenOver(() => client.close());
  return client;
}

/** Sends `text`, if any, and resolves with the first message that arrives. */
function answerTo(client: WireClient, text?: string): Promise<unknown> {
  if (text !== undefined) client.send(text);
  return new Promise((resolve) => {
    client.onmessage = ({ data }) => resolve(data);
  });
}

test('from-socket-io: socket.io-client and a new client share a room', async () => {
  const { http, wire } = await runBlock(fromSocketIo.take(0).replace(port.before, port.after), {}, ['http', 'wire']);
  whenOver(() => (wire as WireServer).close({ deadlineMs: 0 }));
  const url = `http://127.0.0.1:${await portOf(http as HttpServer)}`;
  const old = io(url, { forceNew: true });
  whenOver(() => old.disconnect());
  expect(await old.emitWithAck('join', 'lobby')).toBe(2);
  const client = connect(`${url}/everywire`);
  const heardByOld = new Promise((resolve) => {
    old.once('said', resolve);
  });
  client.send('["said","by a new client"]');
  expect(await heardByOld).toBe('by a new client');
  const heard = answerTo(client);
  old.emit('say', 'lobby', 'by an old client');
  expect(await heard).toBe('["said","by an old client"]');
});

test('from-sockjs: sockjs-client and a new client share a room', async () => {
  const { http, wire } = await runBlock(fromSockJs.take(0).replace(port.before, port.after), {}, ['http', 'wire']);
  whenOver(() => (wire as WireServer).close({ deadlineMs: 0 }));
  const url = `http://127.0.0.1:${await portOf(http as HttpServer)}`;
  const SockJs = createRequire(import.meta.url)('sockjs-client') as new (url: string) => WebSocket;
  const old = new SockJs(`${url}/echo`);
  whenOver(() => old.close());
  await new Promise((done) => {
    old.onopen = done;
  });
  const client = connect(`${url}/everywire`);
  const heardByOld = new Promise((resolve) => {
    old.onmessage = ({ data }) => resolve(data);
  });
  client.send('from a new client');
  expect(await heardByOld).toBe('from a new client');
  const heard = answerTo(client);
  old.send('from an old client');
  expect(await heard).toBe('from an old client');
});

test('from-websocket: a plain WebSocket and a new client share a room', async () => {
  const { http, wire } = await runBlock(fromWebSocket.take(0).replace(port.before, port.after), {}, ['http', 'wire']);
  whenOver(() => (wire as WireServer).close({ deadlineMs: 0 }));
  const origin = `127.0.0.1:${await portOf(http as HttpServer)}`;
  const old = new WebSocket(`ws://${origin}/chat/websocket`);
  const heardByOld: unknown[] = [];
  old.on('message', (data) => heardByOld.push(JSON.parse(String(data))));
  await expect.poll(() => heardByOld).toEqual([{ type: 'hello' }]);
  old.send('{"type":"login","name":"ann"}');
  old.send('{"type":"join","room":"lobby"}');
  const annJoined = { type: 'joined', name: 'ann', room: 'lobby' };
  await expect.poll(() => heardByOld.slice(1)).toEqual([{ type: 'welcome', name: 'ann' }, annJoined]);
  const client = connect(`http://${origin}/everywire`);
  const heard: unknown[] = [];
  client.onmessage = ({ data }) => heard.push(JSON.parse(String(data)));
  client.send('{"type":"login","name":"bob"}');
  client.send('{"type":"join","room":"lobby"}');
  client.send('{"type":"say","room":"lobby","text":"hello"}');
  const joined = { type: 'joined', name: 'bob', room: 'lobby' };
  const said = { type: 'said', name: 'bob', text: 'hello', room: 'lobby' };
  await expect.poll(() => heardByOld.slice(3)).toEqual([joined, said]);
  old.close();
  const left = { type: 'left', name: 'ann', room: 'lobby' };
  await expect.poll(() => heard).toEqual([{ type: 'hello' }, { type: 'welcome', name: 'bob' }, joined, left]);
});

test('from-websocket: a plain WebSocket is authenticated by its cookie or its address', async () => {
  const wire = createWireServer({
    onSession: () => undefined,
    authenticate: ({ token }) => (token === undefined ? null : { subject: token }),
  });
  await runBlock(fromWebSocket.take(3), { createSockJsGateway, wire });
  const address = `${(await serve(wire)).replace('http', 'ws').replace('/everywire', '/chat/websocket')}`;
  const open = (query: string, headers: Record<string, string> = {}) => {
    const ws = new WebSocket(address + query, { headers });
    const heard: string[] = [];
    ws.on('message', (data) => heard.push(String(data)));
    const closed = new Promise((done) => ws.once('close', (code, reason) => done([code, String(reason)])));
    return { heard, closed };
  };
  expect(await open('').closed).toEqual([1008, 'unauthorized']);
  const [ann, bob] = [open('', { cookie: 'a=b; sid=ann' }), open('?sid=bob')];
  await expect
    .poll(() => {
      for (const name of ['ann', 'bob']) wire.publish(`user:${name}`, `for ${name}`);
      return [ann.heard[0], bob.heard[0]];
    })
    .toEqual(['for ann', 'for bob']);
  expect(wire.revoke(({ subject }) => subject === 'ann' || subject === 'bob')).toBe(2);
  expect(await Promise.all([ann.closed, bob.closed])).toEqual([
    [1008, 'revoked'],
    [1008, 'revoked'],
  ]);
});

test('README: the commands are scripts of the repository', () => {
  const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { scripts: object };
  const typed = readme.take(0).match(/^npm (?:run )?\w+/gm) ?? [];
  expect(typed.map((line) => line.split(' ').at(-1))).toEqual(['start', 'test']);
  for (const line of typed) expect(scripts).toHaveProperty(line.split(' ').at(-1) ?? '');
});

test('README: the client of the page exchanges messages with its server', async () => {
  const { http, wire } = await runBlock(readme.take(1).replace(port.before, port.after), {}, ['http', 'wire']);
  whenOver(() => (wire as WireServer).close({ deadlineMs: 0 }));
  const log = vi.fn();
  const client = readme.take(2).replace('localhost:8088', `127.0.0.1:${await portOf(http as HttpServer)}`);
  const { socket } = await runBlock(client, { console: { log } }, ['socket']);
  whenOver(() => (socket as WireClient).close());
  await expect.poll(() => log.mock.calls.flat()).toContain('hello, every wire');
  expect(log.mock.calls.flat()).toContainEqual(expect.objectContaining({ state: 'open' }));
});

test('transport-server: a plain server', async () => {
  const { http, wire } = await runBlock(server.take(0).replace(port.before, port.after), {}, ['http', 'wire']);
  whenOver(() => (wire as WireServer).close({ deadlineMs: 0 }));
  const client = connect(`http://127.0.0.1:${await portOf(http as HttpServer)}/everywire`);
  expect(await answerTo(client, 'hello')).toBe('hello');
});

test('transport-server: Express', async () => {
  const block = server.take(1).replace(port.before, port.after);
  const { http, wire } = await runBlock(block, { express, createWireServer, onSession: echo }, ['http', 'wire']);
  whenOver(() => (wire as WireServer).close({ deadlineMs: 0 }));
  const client = connect(`http://127.0.0.1:${await portOf(http as HttpServer)}/everywire`);
  expect(await answerTo(client, 'hello')).toBe('hello');
});

test('transport-server: Fastify', async () => {
  const { app, wire } = await runBlock(server.take(2), { fastify, createWireServer, onSession: echo }, ['app', 'wire']);
  whenOver(() => (wire as WireServer).close({ deadlineMs: 0 }));
  const address = await (app as FastifyInstance).listen({ port: 0, host: '127.0.0.1' });
  const clients = (['websocket', 'fetch-stream', 'long-poll'] as const).map((transport) =>
    connect(`${address}/everywire`, { transports: [transport] }),
  );
  expect(await Promise.all(clients.map((client) => answerTo(client, 'hello')))).toEqual(['hello', 'hello', 'hello']);
  const codes = clients.map(
    (client) => new Promise((resolve) => client.addEventListener('close', ({ code }) => resolve(code))),
  );
  await (app as FastifyInstance).close();
  expect(await Promise.all(codes)).toEqual([4504, 4504, 4504]);
});

test('transport-server: sessions with a subject', async () => {
  const stored: unknown[] = [];
  const log = vi.fn();
  const scope = {
    createWireServer,
    whoHas: async (token: string) => (token === 'hers' ? { subject: 'ann' } : undefined),
    store: async (data: unknown) => void stored.push(data),
    console: { log },
  };
  const { wire } = await runBlock(server.take(3), scope, ['wire']);
  const url = await serve(wire as WireServer);
  const stranger = connect(url, { token: () => 'nobody’s' });
  await expect(new Promise((resolve) => (stranger.onclose = ({ reason }) => resolve(reason)))).resolves.toBe(
    'unauthorized',
  );
  const ann = connect(url, { token: () => 'hers' });
  await ann.send('kept', { until: 'peer' });
  expect(stored).toEqual(['kept']);
  const received = answerTo(ann);
  (wire as WireServer).publish('user:ann', JSON.stringify({ hello: 'ann' }));
  expect(await received).toBe('{"hello":"ann"}');
  ann.close();
  await expect.poll(() => log.mock.calls).toEqual([[expect.any(Number), 'closed']]);
});

test('transport-server: the members of a topic are listed and watched', async () => {
  const sessions: WireSession[] = [];
  const wire = createWireServer({ onSession: (session) => void sessions.push(session) });
  const url = await serve(wire);
  const opened = async (): Promise<WireSession> => {
    const before = sessions.length;
    connect(url).send('here');
    return expect
      .poll(() => sessions[before])
      .toBeDefined()
      .then(() => sessions[before] as WireSession);
  };
  const notify = vi.fn();
  const scope = { session: await opened(), wire, notify };
  const { count, members, next, stop } = await runBlock(server.take(4), scope, ['count', 'members', 'next', 'stop']);
  expect([count, members[0].info, next]).toEqual([1, { name: 'Ann' }, null]);
  (await opened()).join('room');
  await expect.poll(() => notify.mock.calls.at(-1)?.[0]).toBe(2);
  stop();
});

/** Runs a block that creates a server without exporting it. Returns the address for a client. */
async function madeBy(block: string, onSession: (session: WireSession) => void): Promise<string> {
  const made: WireServer[] = [];
  const make = (options: WireServerOptions): void => void made.push(createWireServer(options));
  await runBlock(block, { createWireServer: make, onSession });
  const [wire] = made;
  if (wire === undefined) throw new Error('the block created no server');
  return serve(wire);
}

test('transport-server: only editors publish', async () => {
  const tried: Promise<unknown>[] = [];
  // No client has a token here, so none is an editor.
  const url = await madeBy(server.take(5), (session) => {
    tried.push(session.publish('news', 'mine').catch(({ code }) => code));
  });
  connect(url).send('here');
  await expect.poll(() => tried.length).toBe(1);
  expect(await tried[0]).toBe('read_only');
});

test('transport-server: only pages of the listed origins are served', async () => {
  const url = await madeBy(server.take(6), echo);
  const statusFor = async (origin: string): Promise<number> =>
    (await fetch(`${url}/up`, { method: 'POST', headers: { origin } })).status;
  expect(await statusFor('https://evil.example.org')).toBe(403);
  for (const origin of ['https://chat.example.org', 'https://intranet.example.org:8443'])
    expect(await statusFor(origin), origin).not.toBe(403);
});

test('transport-server: raw TCP', async () => {
  const wire = createWireServer({ onSession: echo });
  const url = await serve(wire);
  const { tcp } = await runBlock(server.take(7).replace('listen(8089)', "listen(0, '127.0.0.1')"), { wire }, ['tcp']);
  const listening = tcp as TcpServer;
  whenOver(() => listening.close());
  await expect.poll(() => listening.listening).toBe(true);
  const { port } = listening.address() as AddressInfo;
  const client = connect(url, { tcp: `tcp://127.0.0.1:${port}`, transports: ['tcp'] });
  expect(await answerTo(client, 'hello')).toBe('hello');
  expect(client.transport).toBe('tcp');
});

test('faults: silence is injected, counted and lifted', async () => {
  const url = await serveSessions(echo);
  const proxies: FaultProxy[] = [];
  const make = async (serverPort: number): Promise<FaultProxy> => {
    const proxy = await createFaultProxy(serverPort);
    proxies.push(proxy);
    whenOver(() => proxy.close());
    return proxy;
  };
  const wait = async (): Promise<void> => {
    // No response arrives before the fault is lifted.
    void fetch(`http://127.0.0.1:${proxies[0]?.port}/everywire`).catch(() => undefined);
    await expect.poll(() => proxies[0]?.counters.silencedBytes).toBeGreaterThan(0);
  };
  const block = faults.take(0).replace('// ... until the client notices', 'await wait();');
  await runBlock(block, { createFaultProxy: make, serverPort: Number(new URL(url).port), wait, expect });
});
