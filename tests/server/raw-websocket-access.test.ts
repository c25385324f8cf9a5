import { createMemoryBroker } from '@everywire/broker-memory';
import type { RawLinkRequest } from '@everywire/server';
import { afterEach, describe, expect, it } from 'vitest';
import { eventually } from './hand-client.js';
import { BEARER, endRawSockets, enter, RawSocket, start } from './raw-socket.js';

afterEach(endRawSockets);

describe('access to raw WebSockets', () => {
  it('[SN-16.5] raw WebSockets are refused unless the application allows them', async () => {
    const server = await start({ onRawLink: undefined as never });
    const raw = new RawSocket(server, '?topic=public');
    await eventually(() => raw.status === 403);
  });

  it('[TR-23.2] [TR-23.3] the application is asked with the topics and token of the address, the header or the first message', async () => {
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
    ['an invalid token', '?topic=public', { authorization: 'Bearer bad' }, null, [1008, 'unauthorized']],
    ['a topic without a name', '?topic=', BEARER, null, [1008, 'topic_invalid']],
    ['a ticket that was never issued', '?ticket=x', BEARER, null, [1008, 'unauthorized']],
    ['a first message that asks for nothing', '', {}, 'hello', [1008, 'first_message']],
    ['a first message of bytes', '', {}, Buffer.from('{"topics":["public"]}'), [1008, 'first_message']],
    ['a wrong token in the first message', '', {}, '{"token":"bad","topics":["public"]}', [1008, 'unauthorized']],
    ['no topics in it', '', {}, '{"token":"good","topics":[]}', [1008, 'refused']],
  ])('a raw WebSocket with %s is refused', async (_, query, headers, first, closed) => {
    const server = await start();
    const raw = await new RawSocket(server, query, headers).opened();
    if (first !== null) raw.socket.send(first);
    expect(await raw.ended()).toEqual(closed);
    expect(server.wire.rawLinks()).toEqual([]);
  });

  it('a raw WebSocket that never names its topics is refused', async () => {
    const server = await start({ limits: { unattachedMs: 30, tickMs: 5 } });
    const raw = await new RawSocket(server, '').opened();
    expect(await raw.ended()).toEqual([1008, 'first_message']);
  });

  it('[SN-20.2] [SN-20.3] [TR-23.4] [TR-23.6] a raw WebSocket accepts no token in an address, and a ticket once', async () => {
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
  ])('[TR-23.7] no ticket is issued for %s', async (_, body, status, code) => {
    const server = await start();
    const answer = await fetch(`${server.base}/raw-ticket`, { method: 'POST', body });
    expect([answer.status, await answer.json()]).toEqual([status, { code, text: expect.any(String) }]);
  });

  it('a raw WebSocket must follow the origin policy', async () => {
    const server = await start();
    const foreign = new RawSocket(server, '?topic=public', { origin: 'https://evil.example' });
    await eventually(() => foreign.status === 403);
    expect(server.notices).toMatchObject([{ code: 'origin_refused' }]);
    await enter(server, '?topic=public', { origin: `http://127.0.0.1:${server.port}` });
  });

  it('[SN-21] a raw WebSocket ends when its claims are revoked or expire, and so does one still being opened', async () => {
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

  it('a raw WebSocket that closed while the application decided joins no topic', async () => {
    let admit = (): void => undefined;
    const subscribed: string[] = [];
    const broker = createMemoryBroker();
    const { subscribe } = broker;
    broker.subscribe = (topic) => {
      subscribed.push(topic);
      return subscribe(topic);
    };
    const server = await start({
      broker,
      onRawLink: ({ topics }) =>
        topics.includes('late')
          ? new Promise((resolve) => {
              admit = () => resolve(topics);
            })
          : topics,
    });
    const late = await new RawSocket(server, '').opened();
    // Nothing more is read once the application is asked, so both must arrive together.
    late.sendTogether(() => {
      late.socket.send('{"topics":["late"]}');
      late.socket.close();
    });
    await late.ended();
    admit();
    await enter(server, '?topic=other');
    expect(subscribed).toEqual(['other']);
    expect(server.wire.rawLinks().map(({ topics }) => topics)).toEqual([['other']]);
  });

  it('[SN-3] the number of raw WebSockets is limited, and a slow decision is answered', async () => {
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
