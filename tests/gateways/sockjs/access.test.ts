// Longer than 300 lines, because its tests share one server and the ways to ask it.
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createWireClient } from '@everywire/client';
import type { SockJsConnection } from '@everywire/gateway-sockjs';
import { afterEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { SockJsServer } from './sockjs-server.js';

// Tests the SockJS gateway: authentication, topics that it shares with Everywire sessions, and hostile clients.

let server: SockJsServer;
afterEach(() => server.close());

const newSession = (): string => `/echo/000/${randomUUID()}`;
const post = (path: string, body = '', headers: Record<string, string> = {}) =>
  fetch(server.url + path, { method: 'POST', body, headers });
const textOf = async (path: string, headers: Record<string, string> = {}): Promise<string> =>
  (await post(path, '', headers)).text();

async function connect(path = `${newSession()}/websocket`, headers: Record<string, string> = {}) {
  const socket = new WebSocket(server.url.replace('http', 'ws') + path, { headers });
  const got: string[] = [];
  socket.on('message', (data) => got.push(String(data)));
  const closed = once(socket, 'close').then(([code]) => code as number);
  const refused = new Promise<number>((resolve) => {
    socket.on('unexpected-response', (_request, answer) => resolve(answer.statusCode ?? 0));
  });
  socket.on('error', () => undefined);
  await Promise.race([once(socket, 'open'), refused]);
  return { socket, got, closed, refused };
}

describe('origins', () => {
  it.each(['xhr', 'xhr_streaming', 'xhr_send', 'eventsource', 'htmlfile?c=a', 'jsonp?c=a', 'websocket'])(
    'a page of a foreign origin may not request %s',
    async (name) => {
      server = await new SockJsServer().serve('/echo').listen();
      const path = `${newSession()}/${name}`;
      const headers = { origin: 'https://stranger.example' };
      if (name === 'websocket') expect(await (await connect(path, headers)).refused).toBe(403);
      else {
        const method = /^(?:event|html|jsonp)/.test(name) ? 'GET' : 'POST';
        const answer = await fetch(server.url + path, { method, headers });
        expect([answer.status, answer.headers.get('access-control-allow-origin')]).toEqual([403, null]);
      }
      expect(server.connections).toEqual([]);
      expect(server.notices).toContain('origin_refused');
    },
  );

  it('a page of a foreign origin may not load a JSONP script', async () => {
    server = await new SockJsServer().serve('/echo').listen();
    const headers = { 'sec-fetch-site': 'cross-site', referer: 'https://stranger.example/page' };
    expect((await fetch(`${server.url}${newSession()}/jsonp?c=a`, { headers })).status).toBe(403);
  });

  it('JSONP addresses do not exist if JSONP is disabled', async () => {
    server = await new SockJsServer().serve('/echo', { jsonp: false }).listen();
    expect((await fetch(`${server.url}${newSession()}/jsonp?c=a`)).status).toBe(404);
    expect((await post(`${newSession()}/jsonp_send`, 'd=[]')).status).toBe(404);
  });
});

describe('who it is', () => {
  const authenticate = ({ token }: { token: string | undefined }) =>
    token?.startsWith('is ') ? { subject: token.slice(3) } : null;
  const tokenOf = ({ headers }: { headers: { cookie?: string | undefined } }) => headers.cookie;

  it('`authenticate` decides the subject of a session, or refuses it', async () => {
    server = await new SockJsServer({ authenticate }).serve('/echo', { tokenOf }).listen();
    expect(await textOf(`${newSession()}/xhr`)).toBe('c[1008,"unauthorized"]\n');
    expect(await textOf(`${newSession()}/xhr`, { cookie: 'is ann' })).toBe('o\n');
    const stranger = await connect();
    expect(await stranger.closed).toBe(1000);
    expect(stranger.got).toEqual(['c[1008,"unauthorized"]']);
    const ann = await connect(undefined, { cookie: 'is ann' });
    await expect.poll(() => ann.got).toEqual(['o']);
    expect(server.connections.map(({ claims }) => claims.subject)).toEqual(['ann', 'ann']);
  });

  it('a session whose `tokenOf` throws is refused, and the next one is accepted', async () => {
    const decodes = ({ headers: { cookie = '' } }: Parameters<typeof tokenOf>[0]) => decodeURIComponent(cookie);
    server = await new SockJsServer({ authenticate }).serve('/echo', { tokenOf: decodes }).listen();
    const broken = { cookie: '%' };
    expect(await textOf(`${newSession()}/xhr`, broken)).toBe('c[1008,"unauthorized"]\n');
    expect(await (await connect(undefined, broken)).closed).toBe(1000);
    const session = newSession();
    expect(await textOf(`${session}/xhr`, { cookie: 'is%20ann' })).toBe('o\n');
    expect((await post(`${session}/xhr`, '', broken)).status).toBe(404);
    expect(server.notices).toContain('handler_failed');
  });

  it('another user cannot read a session even with its id', async () => {
    server = await new SockJsServer({ authenticate }).serve('/echo', { tokenOf }).listen();
    const session = newSession();
    await post(`${session}/xhr`, '', { cookie: 'is ann' });
    server.connections[0]?.send('for ann');
    for (const cookie of ['is bob', '']) {
      expect((await post(`${session}/xhr`, '', { cookie })).status).toBe(404);
      expect((await post(`${session}/xhr_send`, '["x"]', { cookie })).status).toBe(404);
    }
    expect(await textOf(`${session}/xhr`, { cookie: 'is ann' })).toBe('a["for ann"]\n');
  });

  it('revoked and expired sessions are closed with a code', async () => {
    const expiring = { subject: 'bob', expiresAt: Date.now() + 1_000 };
    server = await new SockJsServer({ authenticate: ({ token }) => (token === 'bob' ? expiring : { subject: 'ann' }) })
      .serve('/echo', { tokenOf })
      .listen();
    const [ann, bob] = [await connect(), await connect(undefined, { cookie: 'bob' })];
    const session = newSession();
    await post(`${session}/xhr`);
    await expect.poll(() => server.connections.length).toBe(3);
    expect(server.wire.revoke(({ subject }) => subject === 'ann')).toBe(2);
    await ann.closed;
    expect(ann.got).toEqual(['o', 'c[1008,"revoked"]']);
    expect(await textOf(`${session}/xhr`)).toBe('c[1008,"revoked"]\n');
    await bob.closed;
    expect(bob.got).toEqual(['o', 'c[1008,"expired"]']);
  });
});

describe('topics', () => {
  const join = (connection: SockJsConnection): void => {
    connection.join('room');
    connection.onMessage = (text) => server.wire.publish('room', text, { except: connection });
  };

  it('a topic reaches SockJS clients and Everywire clients', async () => {
    server = new SockJsServer({
      onSession: (session) => {
        session.join('room');
        session.onMessage = (data) => server.wire.publish('room', data, { except: session });
      },
    });
    await server.serve('/echo', { onConnection: join }).listen();
    const client = createWireClient(`${server.url}/everywire`);
    const heard: unknown[] = [];
    client.onmessage = ({ data }) => heard.push(data);
    const socket = await connect();
    const raw = await connect('/echo/websocket');
    const session = newSession();
    await post(`${session}/xhr`);
    const poll = textOf(`${session}/xhr`);
    await client.send('from a new one', { until: 'server' });
    for (const { got } of [socket, raw]) await expect.poll(() => got.at(-1)).toContain('from a new one');
    expect(await poll).toBe('a["from a new one"]\n');
    await post(`${session}/xhr_send`, '["from an old one"]');
    await expect.poll(() => heard).toEqual(['from an old one']);
    await expect.poll(() => [socket.got.at(-1), raw.got.at(-1)]).toEqual(['a["from an old one"]', 'from an old one']);
    // Messages of one tick arrive in one answer. Binary messages are not delivered.
    for (const data of ['1', '2', Uint8Array.of(1)]) server.wire.publish('room', data);
    expect(await textOf(`${session}/xhr`)).toBe('a["1","2"]\n');
    expect(server.notices).toContain('text_only');
    client.terminate();
  });

  it('a connection that left a topic receives nothing more, and topic names are validated', async () => {
    const connections: SockJsConnection[] = [];
    server = await new SockJsServer({ limits: { topicsPerSessionMax: 2 } })
      .serve('/echo', { onConnection: (connection) => void connections.push(connection) })
      .listen();
    const { got } = await connect();
    await expect.poll(() => connections.length).toBe(1);
    const connection = connections[0] as SockJsConnection;
    expect(() => connection.join('')).toThrow(expect.objectContaining({ code: 'topic_invalid' }));
    for (const topic of ['a', 'b', 'a']) connection.join(topic);
    expect(() => connection.join('c')).toThrow(expect.objectContaining({ code: 'too_many_topics' }));
    connection.leave('a');
    server.wire.publish('a', 'of a');
    server.wire.publish('b', 'of b');
    await expect.poll(() => got).toEqual(['o', 'a["of b"]']);
  });

  it('a slow connection loses hints, and is then closed', async () => {
    const closed: number[] = [];
    const onConnection = (connection: SockJsConnection): void => {
      connection.join('room');
      connection.onClose = (code) => closed.push(code);
    };
    server = await new SockJsServer({ limits: { rawWaitingBytesMax: 100_000, historyBytesMax: 50_000 } })
      .serve('/echo', { onConnection })
      .listen();
    const session = newSession();
    await post(`${session}/xhr`);
    for (let number = 0; number < 30; number++)
      server.wire.publish('room', `${number}`.padEnd(10_000), { class: 'ephemeral' });
    expect(closed).toEqual([]);
    server.wire.publish('room', 'x'.repeat(10_000));
    expect(closed).toEqual([1013]);
    expect(await textOf(`${session}/xhr`)).toBe('c[1013,"slow"]\n');
  });
});

describe('a hostile client', () => {
  it('a hostile client gets an error, and an honest one continues', async () => {
    server = await new SockJsServer({ limits: { messageBytesMax: 1_000, bodyBytesMax: 5_000 } })
      .serve('/echo')
      .listen();
    const honest = await connect();
    const session = newSession();
    await post(`${session}/xhr`);
    const bodies = [
      '{"a":1}',
      '"a"',
      '[1]',
      '[null]',
      '[["a"]]',
      '[{"toString":1}]',
      `[${'['.repeat(2_000)}`,
      '\u0000',
    ];
    for (const body of bodies) expect((await post(`${session}/xhr_send`, body)).status).toBe(500);
    expect((await post(`${session}/xhr_send`, JSON.stringify(['x'.repeat(1_001)]))).status).toBe(413);
    expect((await post(`${session}/xhr_send`, 'x'.repeat(5_001))).status).toBe(413);
    expect((await post(`/echo/000/${'x'.repeat(129)}/xhr`)).status).toBe(404);
    for (const name of ['constructor', '__proto__', 'toString', 'has_own'])
      expect((await post(`${session}/${name}`)).status).toBe(404);
    for (const data of ['{}', '[1]', 'x'.repeat(5_000), Buffer.of(1, 2)]) {
      const hostile = await connect();
      hostile.socket.send(data);
      expect([1000, 1002, 1003, 1009]).toContain(await hostile.closed);
    }
    honest.socket.send('["still here"]');
    await expect.poll(() => honest.got.at(-1)).toBe('a["still here"]');
  });

  it('a client that opens too many sessions is asked to retry', async () => {
    server = await new SockJsServer({ limits: { rawLinksMax: 2 } }).serve('/echo').listen();
    await post(`${newSession()}/xhr`);
    await connect();
    expect((await post(`${newSession()}/xhr`)).status).toBe(503);
    expect(await (await connect()).refused).toBe(503);
  });

  it('a client whose messages are pending is not read', async () => {
    let begun = 0;
    const goOn: (() => void)[] = [];
    const onConnection = (connection: SockJsConnection): void => {
      connection.onMessage = () => {
        begun += 1;
        return new Promise((resolve) => goOn.push(resolve));
      };
    };
    server = await new SockJsServer().serve('/echo', { onConnection }).listen();
    const session = newSession();
    await post(`${session}/xhr`);
    const sends = Array.from({ length: 9 }, () => post(`${session}/xhr_send`, '["x","y"]'));
    await expect.poll(async () => (await Promise.race([...sends])).status).toBe(503);
    expect(begun).toBe(1);
    for (let turn = 0; turn < 16; turn++) {
      await expect.poll(() => goOn.length).toBe(turn + 1);
      goOn[turn]?.();
    }
    const statuses = (await Promise.all(sends)).map(({ status }) => status);
    expect(statuses.filter((status) => status === 204)).toHaveLength(8);
  });

  it('a client whose message makes a handler fail is closed, and the log omits the message', async () => {
    const onConnection = (connection: SockJsConnection): void => {
      connection.onMessage = async () => {
        throw new Error('the secret');
      };
    };
    const notices: string[] = [];
    server = await new SockJsServer({ onNotice: ({ text }) => notices.push(text) })
      .serve('/echo', { onConnection })
      .listen();
    const { socket, got, closed } = await connect();
    socket.send('["x"]');
    await closed;
    expect(got.at(-1)).toBe('c[1011,"internal"]');
    expect(notices).toEqual([expect.stringMatching(/^A handler failed .* connection -\d+: Error\n(?!.*secret)/s)]);
  });
});

it('a stopping server notifies its clients, also one between two requests', async () => {
  server = await new SockJsServer().serve('/echo').listen();
  const { got, closed } = await connect();
  const session = newSession();
  await post(`${session}/xhr`);
  const poll = textOf(`${session}/xhr`);
  const between = newSession();
  await post(`${between}/xhr`);
  const streamed = newSession();
  await post(`${streamed}/xhr`);
  await expect.poll(() => got).toEqual(['o']);
  await expect.poll(() => server.connections.length).toBe(4);
  for (const connection of server.connections.slice(2)) connection.send('the last message');
  const stopped = server.wire.close({ deadlineMs: 20_000 });
  await closed;
  expect(got).toEqual(['o', 'c[1001,"closing"]']);
  expect(await poll).toBe('c[1001,"closing"]\n');
  expect(await textOf(`${between}/xhr`)).toBe('a["the last message"]\n');
  expect(await textOf(`${between}/xhr`)).toBe('c[1001,"closing"]\n');
  expect((await textOf(`${streamed}/xhr_streaming`)).slice(2_049)).toBe('a["the last message"]\nc[1001,"closing"]\n');
  await stopped;
});

it('two services have separate addresses', async () => {
  server = new SockJsServer().serve('/echo');
  for (const path of ['/echo', '/echo/b', '/everywire', 'echo', '/'])
    expect(() => server.serve(path)).toThrow(TypeError);
  await server.serve('/other').listen();
  // Even if the server was attached before.
  expect(await textOf('/other/0/a/xhr')).toBe('o\n');
  expect(await textOf('/echo/0/a/xhr')).toBe('o\n');
});
