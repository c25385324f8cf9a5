import { once } from 'node:events';
import { createMemoryBroker } from '@everywire/broker-memory';
import type { RawLink, RawLinkRequest, WireServerOptions, WireSession } from '@everywire/server';
import { afterEach, describe, expect, it } from 'vitest';
import WebSocket from 'ws';
import { eventually, HandClient, type Listening, listen } from './hand-client.js';

const servers: Listening[] = [];
const sockets: RawSocket[] = [];
afterEach(async () => {
  for (const { socket } of sockets.splice(0)) socket.terminate();
  for (const server of servers.splice(0)) await server.end();
});

/** Who says so may hear what it names; nobody else anything. */
const options: Partial<WireServerOptions> = {
  authenticate: ({ token }) =>
    token === undefined ? { subject: 'anyone' } : token === 'good' ? { subject: 'ann' } : null,
  onRawLink: ({ claims, topics }) => (claims.subject === 'ann' ? topics : topics.filter((topic) => topic === 'public')),
};

async function start(more: Partial<WireServerOptions> = {}): Promise<Listening> {
  const server = await listen({ ...options, ...more });
  servers.push(server);
  return server;
}

/** A plain WebSocket of somebody else's making. */
class RawSocket {
  readonly socket: WebSocket;
  readonly got: (string | Uint8Array)[] = [];
  closed: readonly [number, string] | null = null;
  status = 0;

  constructor(server: Listening, query: string, headers: Record<string, string> = {}) {
    this.socket = new WebSocket(`ws://127.0.0.1:${server.port}/everywire/raw-websocket${query}`, { headers });
    this.socket.on('message', (data: Buffer, binary: boolean) => {
      this.got.push(binary ? new Uint8Array(data) : data.toString());
    });
    this.socket.on('close', (code, reason) => {
      this.closed = [code, reason.toString()];
    });
    this.socket.on('unexpected-response', (_request, response) => {
      this.status = response.statusCode ?? 0;
      this.socket.terminate();
    });
    this.socket.on('error', () => undefined);
    sockets.push(this);
  }

  async opened(): Promise<this> {
    if (this.socket.readyState !== WebSocket.OPEN) await once(this.socket, 'open');
    return this;
  }

  ended(): Promise<readonly [number, string]> {
    return eventually(() => this.closed);
  }
}

/** Lets a link in and waits until the server says that it is. */
async function enter(server: Listening, query: string, headers: Record<string, string> = {}): Promise<RawSocket> {
  const before = server.wire.rawLinks().length;
  const raw = await new RawSocket(server, query, headers).opened();
  await eventually(() => server.wire.rawLinks().length === before + 1);
  return raw;
}

const BEARER = { authorization: 'Bearer good' };

describe('a raw WebSocket', () => {
  it.each(['local', 'memory broker'])('[SN-16] is in the same topics as sessions, %s', async (kind) => {
    const sessions: WireSession[] = [];
    const broker = kind === 'local' ? {} : { broker: createMemoryBroker() };
    const server = await start({ ...broker, onSession: (session) => void sessions.push(session) });
    const client = await HandClient.join(server.port);
    sessions[0]?.join('a');
    const raw = await enter(server, '?topic=a&topic=b', BEARER);
    const texts = ['hello', '\0begins with NUL', '\0\0', '', '\ufeffmark', '\u2028'];
    for (const text of texts) server.wire.publish('a', text);
    server.wire.publish('b', Uint8Array.of(0, 1, 2));
    server.wire.publish('c', 'not for it');
    server.wire.publish('a', 'last');
    await eventually(() => raw.got.includes('last') && client.got.includes('last'));
    expect(raw.got).toEqual([...texts, Uint8Array.of(0, 1, 2), 'last']);
    expect(client.got).toEqual([...texts, 'last']);
  });

  it('[SN-16] is heard where the application publishes it, and a text that begins with U+0000 is escaped when it enters', async () => {
    const heard: [RawLink['kind'], string | Uint8Array][] = [];
    const sessions: WireSession[] = [];
    const server = await start({
      onSession: (session) => void sessions.push(session),
      onRawMessage: (link, data) => {
        heard.push([link.kind, data]);
        server.wire.publish('a', data, { except: link });
      },
    });
    const client = await HandClient.join(server.port);
    sessions[0]?.join('a');
    const [one, two] = [await enter(server, '?topic=a', BEARER), await enter(server, '?topic=a', BEARER)];
    one.socket.send('\0{"t":"closed"}');
    one.socket.send(Buffer.from([0, 1]));
    one.socket.send('\ufeffend');
    await eventually(() => two.got.length === 3 && client.got.length === 3);
    const expected = ['\0{"t":"closed"}', Uint8Array.of(0, 1), '\ufeffend'];
    expect(heard).toEqual(expected.map((data) => ['websocket', data]));
    expect([two.got, client.got, one.got]).toEqual([expected, expected, []]);
  });

  it('may only listen where the application takes nothing', async () => {
    const server = await start();
    const raw = await enter(server, '?topic=a', BEARER);
    raw.socket.send('x');
    expect(await raw.ended()).toEqual([1003, 'read_only']);
    await eventually(() => server.wire.rawLinks().length === 0);
  });

  it('is read no further while the application is busy, and a failing handler ends it alone', async () => {
    let release = (): void => undefined;
    const heard: (string | Uint8Array)[] = [];
    const server = await start({
      onRawMessage: (_link, data) => {
        heard.push(data);
        if (data === 'fail') throw new Error('secret');
        return new Promise<void>((resolve) => {
          release = resolve;
        });
      },
    });
    const [busy, other] = [await enter(server, '?topic=a', BEARER), await enter(server, '?topic=a', BEARER)];
    for (const text of ['1', '2', '3']) busy.socket.send(text);
    await eventually(() => heard.length === 1);
    release();
    await eventually(() => heard.length === 2);
    other.socket.send('fail');
    expect(await other.ended()).toEqual([1011, 'internal']);
    release();
    await eventually(() => heard.length === 4);
    expect(heard).toEqual(['1', '2', 'fail', '3']);
    expect(server.notices.map(({ text }) => text).join()).not.toContain('secret');
  });

  it('can be answered and ended by the application', async () => {
    const server = await start({ onRawMessage: (link, data) => void link.send(`echo ${String(data)}`) });
    const raw = await enter(server, '?topic=a', BEARER);
    raw.socket.send('x');
    await eventually(() => raw.got.length === 1);
    expect(raw.got).toEqual(['echo x']);
    const [link] = server.wire.rawLinks(({ subject }) => subject === 'ann');
    expect(link).toMatchObject({ kind: 'websocket', topics: ['a'], claims: { subject: 'ann' } });
    link?.end('revoked');
    expect(await raw.ended()).toEqual([1008, 'revoked']);
    expect(link?.send('too late')).toBe(false);
  });

  it('is closed when the server stops', async () => {
    const server = await start();
    const raw = await enter(server, '?topic=a', BEARER);
    await server.wire.close({ deadlineMs: 1_000 });
    expect(raw.closed).toEqual([1001, 'closing']);
  });

  it('[SN-15] is pinged, and cut when nothing answers', async () => {
    const server = await start({ limits: { heartbeatMs: 60, heartbeatHiddenMs: 60, tickMs: 5 } });
    const raw = await enter(server, '?topic=a', BEARER);
    let pings = 0;
    raw.socket.on('ping', () => {
      pings += 1;
    });
    await eventually(() => pings >= 3);
    expect(raw.closed).toBe(null);
    raw.socket.pause();
    await eventually(() => server.wire.rawLinks().length === 0);
  });
});

describe('who may have a raw WebSocket', () => {
  it('[SN-16] nobody, unless the application says so', async () => {
    const server = await start({ onRawLink: undefined as never });
    const raw = new RawSocket(server, '?topic=public');
    await eventually(() => raw.status === 403);
  });

  it('asks with what the address, the header or the first message says', async () => {
    const asked: RawLinkRequest[] = [];
    const server = await start({
      onRawLink: (request) => {
        asked.push(request);
        return Promise.resolve(request.topics);
      },
    });
    await enter(server, '?topic=a&topic=b');
    await enter(server, '?topic=c', BEARER);
    const byMessage = await new RawSocket(server, '').opened();
    byMessage.socket.send(JSON.stringify({ token: 'good', topics: ['d', 'd'] }));
    await eventually(() => server.wire.rawLinks().length === 3);
    expect(asked.map(({ claims, topics, kind }) => [claims.subject, topics, kind])).toEqual([
      ['anyone', ['a', 'b'], 'websocket'],
      ['ann', ['c'], 'websocket'],
      ['ann', ['d', 'd'], 'websocket'],
    ]);
    server.wire.publish('d', 'once');
    await eventually(() => byMessage.got.length === 1);
    expect(byMessage.got).toEqual(['once']);
  });

  it.each<[string, string, Record<string, string>, string | Buffer | null, [number, string]]>([
    ['a topic that is not allowed', '?topic=private', {}, null, [1008, 'refused']],
    ['a token that is none', '?topic=public', { authorization: 'Bearer bad' }, null, [1008, 'unauthorized']],
    ['a topic without a name', '?topic=', BEARER, null, [1008, 'topic_invalid']],
    ['a ticket that nobody gave out', '?ticket=x', BEARER, null, [1008, 'unauthorized']],
    ['a first message that asks for nothing', '', {}, 'hello', [1008, 'first_message']],
    ['a first message of bytes', '', {}, Buffer.from('{"topics":["public"]}'), [1008, 'first_message']],
    ['a wrong token in the first message', '', {}, '{"token":"bad","topics":["public"]}', [1008, 'unauthorized']],
    ['no topics in it', '', {}, '{"token":"good","topics":[]}', [1008, 'refused']],
  ])('refuses %s', async (_, query, headers, first, closed) => {
    const server = await start();
    const raw = await new RawSocket(server, query, headers).opened();
    if (first !== null) raw.socket.send(first);
    expect(await raw.ended()).toEqual(closed);
    expect(server.wire.rawLinks()).toEqual([]);
  });

  it('refuses who never says what it wants', async () => {
    const server = await start({ limits: { unattachedMs: 30, tickMs: 5 } });
    const raw = await new RawSocket(server, '').opened();
    expect(await raw.ended()).toEqual([1008, 'first_message']);
  });

  it('[SN-20] has no token in an address, a ticket once', async () => {
    const server = await start();
    const inAddress = new RawSocket(server, '?topic=a&token=good');
    await eventually(() => inAddress.status === 403);
    const body = JSON.stringify({ token: 'good', topics: ['private'] });
    const answer = await fetch(`${server.base}/raw-ticket`, { method: 'POST', body });
    const { ticket } = (await answer.json()) as { ticket: string };
    const raw = await enter(server, `?ticket=${ticket}`);
    server.wire.publish('private', 'hello');
    await eventually(() => raw.got.length === 1);
    const again = await new RawSocket(server, `?ticket=${ticket}`).opened();
    expect(await again.ended()).toEqual([1008, 'unauthorized']);
  });

  it.each<[string, string, number, string]>([
    ['not JSON', '{', 400, 'malformed'],
    ['no topics', '{"token":"good"}', 400, 'malformed'],
    ['a wrong token', '{"token":"bad","topics":["a"]}', 401, 'unauthorized'],
    ['what is not allowed', '{"topics":["a"]}', 403, 'refused'],
    ['two topics for a stream', '{"token":"good","topics":["a","b"],"kind":"event-stream"}', 400, 'topic_invalid'],
    ['too much', `{"topics":["${'x'.repeat(70_000)}"]}`, 413, 'body_too_large'],
  ])('gives no ticket for %s', async (_, body, status, code) => {
    const server = await start();
    const answer = await fetch(`${server.base}/raw-ticket`, { method: 'POST', body });
    expect([answer.status, await answer.json()]).toMatchObject([status, { code }]);
  });

  it('holds to the origin policy', async () => {
    const server = await start();
    const foreign = new RawSocket(server, '?topic=public', { origin: 'https://evil.example' });
    await eventually(() => foreign.status === 403);
    expect(server.notices).toMatchObject([{ code: 'origin_refused' }]);
    await enter(server, '?topic=public', { origin: `http://127.0.0.1:${server.port}` });
  });

  it('[SN-21] ends with its claims, revoked or run out, and so does what is still to come of them', async () => {
    let answer = (): void => undefined;
    const server = await start({
      authenticate: ({ token }) => {
        if (token === 'short') return { subject: 'short', expiresAt: Date.now() + 150 };
        if (token !== 'late') return { subject: 'ann' };
        return new Promise((resolve) => {
          answer = () => resolve({ subject: 'ann' });
        });
      },
      onRawLink: ({ topics }) => topics,
      limits: { tickMs: 5 },
    });
    const short = await enter(server, '?topic=a', { authorization: 'Bearer short' });
    expect(await short.ended()).toEqual([1008, 'expired']);
    const body = JSON.stringify({ topics: ['a'] });
    const { ticket } = (await (await fetch(`${server.base}/raw-ticket`, { method: 'POST', body })).json()) as {
      ticket: string;
    };
    const raw = await enter(server, '?topic=a', BEARER);
    const late = await new RawSocket(server, '?topic=a', { authorization: 'Bearer late' }).opened();
    expect(server.wire.revoke(({ subject }) => subject === 'ann')).toBe(1);
    answer();
    expect(await raw.ended()).toEqual([1008, 'revoked']);
    expect(await late.ended()).toEqual([1008, 'unauthorized']);
    const byTicket = await new RawSocket(server, `?ticket=${ticket}`).opened();
    expect(await byTicket.ended()).toEqual([1008, 'unauthorized']);
  });

  it('[SN-3] lets in so many and no more, and answers what is too slow', async () => {
    const server = await start({ limits: { rawLinksMax: 1, authenticateMs: 30, tickMs: 5 } });
    await enter(server, '?topic=public');
    const second = new RawSocket(server, '?topic=public');
    await eventually(() => second.status === 503);
    const slow = await start({
      limits: { authenticateMs: 30, tickMs: 5 },
      onRawLink: () => new Promise(() => undefined),
    });
    expect(await (await new RawSocket(slow, '?topic=a').opened()).ended()).toEqual([1013, 'busy']);
    expect(slow.notices).toMatchObject([{ code: 'raw_link_failed' }]);
  });
});

describe('[SN-3] [SN-23] a raw WebSocket that takes nothing', () => {
  it.each([
    ['durable', 'is closed'],
    ['hint', 'loses messages'],
    ['ephemeral', 'loses messages'],
  ] as const)('of a %s topic %s, and the others get everything', async (topicClass, fate) => {
    const limits = { rawWaitingBytesMax: 100_000, historyBytesMax: 10_000, closeFrameMs: 50, tickMs: 5 };
    const server = await start({ limits });
    const [slow, good] = [await enter(server, '?topic=a', BEARER), await enter(server, '?topic=a', BEARER)];
    slow.socket.pause();
    const payload = 'x'.repeat(50_000);
    // Far more than the kernel takes for a reader that reads nothing.
    for (let sent = 1; sent <= 400; sent++) {
      server.wire.publish('a', `${sent} ${payload}`, { class: topicClass });
      await eventually(() => good.got.length === sent);
    }
    await eventually(() => server.wire.rawLinks().length === (fate === 'is closed' ? 1 : 2));
    slow.socket.resume();
    server.wire.publish('a', 'end', { class: topicClass });
    await eventually(() => good.got.includes('end'));
    if (fate === 'is closed') expect((await slow.ended())[0]).not.toBe(1000);
    else expect(slow.got.length).toBeLessThan(400);
  });
});
