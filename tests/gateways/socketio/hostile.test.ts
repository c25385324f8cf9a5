import { subscribe } from 'node:diagnostics_channel';
import { once } from 'node:events';
import { request } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { SocketIoServer } from './socketio-server.js';

// Sends invalid and unusual bytes to the Socket.IO gateway. An honest client must continue to work.

let server: SocketIoServer;
const heard: unknown[] = [];
beforeEach(async () => {
  heard.length = 0;
  server = await new SocketIoServer({}, { limits: { messageBytesMax: 8_192 } }).listen();
  server.io.of('/other');
  server.io.on('connection', (socket) => {
    socket.on('echo', (...values: unknown[]) => {
      const answer = values.pop();
      if (typeof answer === 'function') answer(...values);
      else heard.push([...values, answer]);
    });
    for (const event of ['error', '__proto__']) socket.on(event, () => heard.push(event));
  });
});
afterEach(async () => {
  const honest = server.client();
  expect(await honest.timeout(20_000).emitWithAck('echo', 'still there')).toBe('still there');
  await server.close();
});

const address = (query: string): string => `${server.url}/socket.io/?EIO=4&${query}`;
const poll = (sid: string) => fetch(address(`transport=polling&sid=${sid}`));
const post = (sid: string, body: string) =>
  fetch(address(`transport=polling&sid=${sid}`), { method: 'POST', body, headers: { 'content-type': 'text/plain' } });

/** Opens a session of Engine.IO by polling and returns its id. */
async function begin(): Promise<string> {
  const answer = await fetch(address('transport=polling'));
  return JSON.parse((await answer.text()).slice(1)).sid;
}

/** Opens a session by polling and connects it to the default namespace. */
async function enter(): Promise<string> {
  const sid = await begin();
  await post(sid, '40');
  expect(await (await poll(sid)).text()).toMatch(/^40\{"sid":"[\w-]+"\}$/);
  return sid;
}

/** Opens a plain WebSocket to the gateway. `got` has the received packets. */
async function webSocket(query = 'transport=websocket') {
  const socket = new WebSocket(address(query).replace('http', 'ws'));
  const got: string[] = [];
  socket.on('message', (data) => got.push(String(data)));
  socket.on('error', () => undefined);
  const closed = once(socket, 'close').then(([code]) => code as number);
  const status = new Promise<number>((resolve) => {
    socket.on('unexpected-response', (_request, answer) => resolve(answer.statusCode ?? 0));
    socket.on('open', () => resolve(101));
  });
  return { socket, got, closed, status: await status };
}

describe('the address', () => {
  it.each([
    ['transport=smoke', 'GET', 400, 0],
    ['transport=polling&sid=nobody', 'GET', 400, 1],
    ['transport=polling', 'POST', 400, 2],
    ['transport=websocket', 'GET', 400, 3],
    ['EIO=3&transport=polling', 'GET', 400, 5],
  ])('the endpoint refuses %s by %s with the error of Engine.IO', async (query, method, status, code) => {
    const url = query.startsWith('EIO') ? `${server.url}/socket.io/?${query}` : address(query);
    const answer = await fetch(url, { method });
    expect([answer.status, (await answer.json()).code]).toEqual([status, code]);
    expect(server.notices.includes('protocol_version')).toBe(code === 5);
  });

  it('the endpoint refuses foreign origins on every transport, and allows listed ones', async () => {
    const headers = { origin: 'https://stranger.example' };
    expect((await fetch(address('transport=polling'), { headers })).status).toBe(403);
    const socket = new WebSocket(address('transport=websocket').replace('http', 'ws'), { headers });
    socket.on('error', () => undefined);
    const [, answer] = await once(socket, 'unexpected-response');
    expect(answer.statusCode).toBe(403);
    const own = await fetch(address('transport=polling'), { method: 'OPTIONS', headers: { origin: server.url } });
    expect([own.status, own.headers.get('access-control-allow-origin')]).toEqual([204, server.url]);
  });
});

describe('polling', () => {
  it('a second GET closes the session: the first gets `1`, the second 400', async () => {
    const sid = await enter();
    // Either request may be the first.
    const answers = await Promise.all([poll(sid), poll(sid)]);
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 400]);
    expect(await answers.find(({ ok }) => ok)?.text()).toBe('1');
    expect((await poll(sid)).status).toBe(400);
  });

  it('a second POST closes the session', async () => {
    const sid = await enter();
    const url = new URL(address(`transport=polling&sid=${sid}`));
    const slow = request(url, { method: 'POST', headers: { 'content-length': '100' } });
    slow.on('error', () => undefined);
    slow.write('42');
    const waiting = poll(sid);
    let status = 200;
    // The slow request may arrive after the first of these.
    while (status === 200) status = (await post(sid, '42["echo",1]')).status;
    expect(status).toBe(400);
    expect(await (await waiting).text()).toBe('1');
    slow.destroy();
  });

  it.each([
    ['a body with too many packets', () => '6\x1e'.repeat(1_001), 400],
    ['a body with too many bytes', () => `42["echo","${'x'.repeat(9_000)}"]`, 413],
  ])('%s ends the session', async (_what, bodyOf, status) => {
    const sid = await enter();
    expect((await post(sid, bodyOf())).status).toBe(status);
    expect(await (await poll(sid)).text()).toBe('1');
    expect((await poll(sid)).status).toBe(400);
  });
});

describe('packets', () => {
  const deep = `${'['.repeat(100)}${']'.repeat(100)}`;
  it.each([
    ['a packet without a type', '4'],
    ['a packet of an unknown type', '49'],
    ['a packet that only a server sends', '44{"message":"x"}'],
    ['broken JSON', '42["echo",'],
    ['an event whose values are not an array', '42{"echo":1}'],
    ['an event name that is not a string', '42[{"echo":1}]'],
    ['a reserved event name', '42["disconnect","x"]'],
    ['an answer without an id', '43[1]'],
    ['an attachment count on a packet without attachments', '421-["echo"]'],
    ['an announcement of a billion attachments', '451000000000-["echo"]'],
    ['an announcement of eleven attachments', '4511-["echo"]'],
    ['an announcement of no attachments', '450-["echo"]'],
    ['text in place of an attachment', '451-["echo",{"_placeholder":true,"num":0}]\x1e42["echo"]'],
    ['an unexpected attachment', 'bAAAA'],
    ['a placeholder without its bytes', '451-["echo",{"_placeholder":true,"num":1}]\x1ebAAAA'],
    ['a placeholder without a number', '451-["echo",{"_placeholder":true,"num":"length"}]\x1ebAAAA'],
    ['an attachment in too deeply nested values', `451-["echo",${deep}]\x1ebAAAA`],
    ['a second CONNECT', '40'],
    ['a packet to an unknown namespace', '42/nowhere,["echo"]'],
  ])('%s ends the session', async (_what, packets) => {
    const sid = await enter();
    await post(sid, packets);
    expect(await (await poll(sid)).text()).toBe('1');
    expect((await poll(sid)).status).toBe(400);
    expect(heard).toEqual([]);
  });

  it.each([
    ['a ping, which only the server may send,', '2'],
    ['an upgrade', '5'],
    ['an open packet', '0{}'],
    ['a packet of a type that Engine.IO does not have', 'abc'],
    ['an empty packet', ''],
  ])('%s ends the session, and its next poll is refused', async (_what, packet) => {
    const sid = await enter();
    await post(sid, packet);
    expect((await poll(sid)).status).toBe(400);
  });

  it('an event before its namespace has let the client in ends the session', async () => {
    const sid = await begin();
    await post(sid, '40\x1e42["echo"]');
    expect(await (await poll(sid)).text()).toBe('1');
  });

  it('unusual but valid packets are accepted', async () => {
    const sid = await enter();
    await post(sid, '3\x1e43999[1]\x1e42/other,["echo"]\x1e42["unheard"]\x1e42["echo",{"_placeholder":true,"num":0}]');
    await post(sid, '42["error"]\x1e42["__proto__",{"__proto__":{"admin":1}}]');
    await post(sid, '451-["echo",{"__proto__":{"_placeholder":true,"num":0}}]\x1ebAAAA');
    await post(sid, '420["echo","answered"]');
    expect(await (await poll(sid)).text()).toBe('430["answered"]');
    expect(heard.slice(0, 3)).toEqual([[{ _placeholder: true, num: 0 }], 'error', '__proto__']);
    expect(({} as { admin?: number }).admin).toBe(undefined);
  });

  it('a client can leave a namespace and enter it again', async () => {
    const sid = await enter();
    await post(sid, '41\x1e40');
    expect(await (await poll(sid)).text()).toMatch(/^40/);
  });

  it('a client that enters too many namespaces is refused', async () => {
    for (let number = 0; number < 17; number++) server.io.of(`/${number}`);
    const sid = await begin();
    await post(sid, Array.from({ length: 17 }, (_, number) => `40/${number},`).join('\x1e'));
    let text = '';
    while (!text.includes('/16,')) text += await (await poll(sid)).text();
    expect(text).toContain('44/16,{"message":"Too many namespaces"}');
  });
});

describe('a close of the client', () => {
  it('a close by POST answers the held poll with `6`, after what waits, and ends the session', async () => {
    const sid = await enter();
    const arrived = new Promise<void>((done) => subscribe('http.server.request.start', () => done()));
    const pending = poll(sid);
    await arrived;
    expect((await post(sid, '420["echo","first"]\x1e1\x1e421["echo","last"]')).status).toBe(200);
    expect(await (await pending).text()).toBe('430["first"]\x1e6');
    expect((await poll(sid)).status).toBe(400);
    expect(server.io.sockets.sockets.size).toBe(0);
  });

  it('a close over a WebSocket closes the WebSocket', async () => {
    const { socket, got, closed } = await webSocket();
    socket.send('40');
    await expect.poll(() => got.length).toBe(2);
    socket.send('1');
    expect(await closed).toBe(1000);
    expect(server.io.sockets.sockets.size).toBe(0);
  });

  it('a close over a WebSocket that took over from polls closes the WebSocket', async () => {
    const { socket, closed } = await webSocket(`transport=websocket&sid=${await enter()}`);
    for (const packet of ['2probe', '5', '1']) socket.send(packet);
    expect(await closed).toBe(1000);
  });

  it('a close over a WebSocket that probes closes only that, and one by POST closes both', async () => {
    const sid = await enter();
    const query = `transport=websocket&sid=${sid}`;
    const first = await webSocket(query);
    first.socket.send('2probe');
    first.socket.send('1');
    expect(await first.closed).toBe(1002);
    const second = await webSocket(query);
    second.socket.send('2probe');
    await expect.poll(() => second.got).toEqual(['3probe']);
    await post(sid, '1');
    await second.closed;
    expect((await poll(sid)).status).toBe(400);
  });
});

describe('WebSockets', () => {
  it('a message above the limit ends the connection', async () => {
    const { socket, closed } = await webSocket();
    socket.send(`42["echo","${'x'.repeat(9_000)}"]`);
    expect(await closed).toBe(1009);
  });

  it('attachments whose total size exceeds the limit end the connection', async () => {
    const { socket, got, closed } = await webSocket();
    socket.send('40');
    await expect.poll(() => got.length).toBe(2);
    socket.send('453-["echo"]');
    for (let number = 0; number < 3; number++) socket.send(Buffer.alloc(4_000));
    expect(await closed).toBe(1000);
  });

  it('a WebSocket takes over from polls once, without reordering', async () => {
    const sid = await enter();
    const pending = poll(sid);
    const query = `transport=websocket&sid=${sid}`;
    const { socket, got } = await webSocket(query);
    expect((await webSocket(query)).status).toBe(400);
    socket.send('2probe');
    expect(await (await pending).text()).toBe('6');
    await post(sid, '420["echo","polled"]');
    socket.send('5');
    socket.send('421["echo","framed"]');
    await expect.poll(() => got).toEqual(['3probe', '430["polled"]', '431["framed"]']);
    expect((await poll(sid)).status).toBe(400);
    expect((await post(sid, '42["echo"]')).status).toBe(400);
    expect((await webSocket(query)).status).toBe(400);
    socket.close();
  });

  it('a WebSocket without a probe takes nothing over, and polls continue', async () => {
    const sid = await enter();
    const { socket, closed } = await webSocket(`transport=websocket&sid=${sid}`);
    socket.send('5');
    expect(await closed).toBe(1002);
    await post(sid, '420["echo","polled"]');
    expect(await (await poll(sid)).text()).toBe('430["polled"]');
  });
});
