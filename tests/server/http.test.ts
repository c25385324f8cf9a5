import { once } from 'node:events';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { connect, type Socket } from 'node:net';
import {
  createEventStreamDecoder,
  createFrameDecoder,
  createJsonLinesDecoder,
  type Message,
} from '@everywire/protocol/internal';
import type { WireSession } from '@everywire/server';
import { afterEach, describe, expect, it } from 'vitest';
import { eventually, HandCounts, type Listening, listen, openByPost, post } from './hand-client.js';

let server: Listening;
afterEach(() => server.end());

interface Down {
  readonly response: IncomingMessage;
  readonly records: { readonly t: string }[];
  readonly arrivals: (string | Uint8Array)[];
  readonly ended: () => boolean;
}

/** Reads a downstream link in its own encoding. */
function reading(name: string, response: IncomingMessage): Down {
  const records: { t: string }[] = [];
  const arrivals: (string | Uint8Array)[] = [];
  let ended = false;
  const sink = {
    onMessage: (message: Message) => void arrivals.push(message.data),
    onRecord: (record: { t: string }) => void records.push(record),
  };
  const decoder =
    name === 'event-stream'
      ? createEventStreamDecoder(sink, 1 << 20)
      : name === 'fetch-stream'
        ? createFrameDecoder(sink, { messageBytesMax: 1 << 20, fragmentsMax: 1 })
        : createJsonLinesDecoder(sink, 1 << 20);
  response.on('data', (chunk: Buffer) => expect(decoder.feed(chunk)).toBeNull());
  response.on('close', () => {
    ended = true;
  });
  return { response, records, arrivals, ended: () => ended };
}

async function down(name: string, body: object | undefined, query = ''): Promise<Down> {
  const sent = httpRequest(`${server.base}/${name}${query}`, { method: body === undefined ? 'GET' : 'POST' });
  sent.on('error', () => undefined);
  sent.end(body === undefined ? undefined : JSON.stringify(body));
  const [response] = (await once(sent, 'response')) as [IncomingMessage];
  return reading(name, response);
}

async function attachOf(n: number, counts = new HandCounts()): Promise<{ id: string; attach: (n: number) => object }> {
  const id = await openByPost(server.base);
  void n;
  return { id, attach: (number) => ({ t: 'attach', id, n: number, instance: 1, ...counts.block }) };
}

const NAMES = ['event-stream', 'fetch-stream', 'long-poll'];

describe.each(NAMES)('%s', (name) => {
  it('[SN-1] the link carries what was sent before and during it, in its own encoding', async () => {
    let session: WireSession | undefined;
    server = await listen({ onSession: (opened) => (session = opened) });
    const { attach } = await attachOf(1);
    const messages = ['one', 'two\u2028\0\r\n</script>', Uint8Array.of(0, 10, 255)];
    const first = down(name, attach(1));
    await eventually(() => session);
    for (const message of messages) session?.send(message);
    const link = await first;
    await eventually(() => link.arrivals.length === 3);
    expect(link.arrivals.map((one) => (typeof one === 'string' ? one : [...one]))).toEqual([
      'one',
      'two\u2028\0\r\n</script>',
      [0, 10, 255],
    ]);
    expect(link.records[0]).toMatchObject({ t: 'attached', first: 1 });
    expect(link.response.headers).toMatchObject({
      'cache-control': 'no-store, no-transform',
      'x-accel-buffering': 'no',
      'x-content-type-options': 'nosniff',
    });
    expect(link.ended()).toBe(name === 'long-poll');
  });

  it('[P1] [SN-9.2] the link is superseded by a higher attach, which gets the unacknowledged messages', async () => {
    let session: WireSession | undefined;
    server = await listen({ onSession: (opened) => (session = opened) });
    const { attach } = await attachOf(1);
    const waiting = down(name, attach(1));
    await eventually(() => session?.transport === name);
    const second = down(name, attach(2));
    const first = await waiting;
    await eventually(first.ended);
    expect(first.records.at(-1)).toMatchObject({ t: 'superseded', n: 2, same: true });
    session?.send('only to the second');
    const link = await second;
    await eventually(() => link.arrivals.length === 1);
    expect(first.arrivals).toEqual([]);
  });

  it('the link frees its request immediately when the client disconnects', async () => {
    let session: WireSession | undefined;
    server = await listen({ onSession: (opened) => (session = opened) });
    const { attach } = await attachOf(1);
    const socket = connect(server.port, '127.0.0.1');
    const body = JSON.stringify(attach(1));
    socket.write(`POST /everywire/${name} HTTP/1.1\r\nHost: x\r\nContent-Length: ${body.length}\r\n\r\n${body}`);
    await eventually(() => session?.transport === name);
    socket.destroy();
    await eventually(() => session?.transport === null);
    session?.send('kept for the next link');
    expect(session?.bufferedAmount).toBe(22);
  });

  it('an invalid body is answered 400, and the session is unharmed', async () => {
    server = await listen();
    const { attach } = await attachOf(1);
    for (const body of [{}, { t: 'attach' }, { t: 'body' }, { ...attach(1), ack: -1 }, { ...attach(1), count: 3 }]) {
      const answer = await post(`${server.base}/${name}`, body as never);
      expect(answer.status).toBe(400);
      expect(await answer.json()).toMatchObject({ code: 'malformed' });
    }
    const link = await Promise.race([
      down(name, attach(5)),
      eventually(() => server.wire.sessions()[0]?.transport === name),
    ]);
    expect(link).toBeTruthy();
  });

  it('an attach to an unknown session is refused with `unknown`', async () => {
    server = await listen();
    const link = await down(name, { t: 'attach', id: 'nobody', n: 1, instance: 1, ...new HandCounts().block });
    await eventually(link.ended);
    expect(link.response.statusCode).toBe(200);
    expect(link.records).toEqual([{ t: 'refused', code: 'unknown', instance: 1 }]);
  });
});

describe('POST up', () => {
  it('[P3] [SN-7.4] [SN-2.3] POST up takes a body once, one after a gap never, and answers every one with counts', async () => {
    const arrivals: unknown[] = [];
    server = await listen({ onSession: (session) => (session.onMessage = (data) => void arrivals.push(data)) });
    const { id, attach } = await attachOf(1);
    await post(`${server.base}/long-poll`, { ...attach(1), prompt: true } as never);
    const counts = new HandCounts().block;
    const body = (first: number, ...m: unknown[]): Promise<unknown> =>
      post(`${server.base}/up`, { t: 'body', id, n: 1, instance: 1, first, count: m.length, ...counts, m }).then(
        (answer) => answer.json(),
      );
    expect(await body(1, 'a', ['AP8='])).toMatchObject({ t: 'answer', received: 2, ack: 2 });
    expect(await body(1, 'a', ['AP8='])).toMatchObject({ t: 'answer', received: 2 });
    expect(await body(2, ['AP8='], 'c')).toMatchObject({ t: 'answer', received: 3 });
    expect(await body(9, 'gap')).toMatchObject({ t: 'answer', received: 3 });
    expect(await body(4)).toMatchObject({ t: 'answer', received: 3 });
    expect(arrivals.map((one) => (typeof one === 'string' ? one : [...(one as Uint8Array)]))).toEqual([
      'a',
      [0, 255],
      'c',
    ]);
  });

  it('a poll that carries messages is answered immediately', async () => {
    const arrivals: unknown[] = [];
    server = await listen({ onSession: (session) => (session.onMessage = (data) => void arrivals.push(data)) });
    const { attach } = await attachOf(1);
    const link = await down('long-poll', { ...attach(1), first: 1, count: 2, m: ['a', 'b'] });
    await eventually(link.ended);
    expect(arrivals).toEqual(['a', 'b']);
    expect(link.records).toMatchObject([{ t: 'attached', received: 2, ack: 2 }]);
  });

  it('[SN-15.7] [TR-14.5] a parked poll is answered after one heartbeat', async () => {
    server = await listen({ limits: { heartbeatMs: 50 } });
    const { attach } = await attachOf(1);
    const link = await down('long-poll', attach(1));
    await eventually(link.ended);
    expect(link.records).toMatchObject([{ t: 'attached', first: 1 }]);
    expect(link.arrivals).toEqual([]);
  });

  it('[SN-14.1] [SN-14.5] the same nonce is the same session, and early messages wait for the first other carrier', async () => {
    const log: unknown[] = [];
    server = await listen({
      onSession: (session) => {
        log.push('session');
        session.onMessage = (data) => void log.push(data);
      },
    });
    const open = { t: 'open', version: 2, nonce: 'one of a test, once', first: 1, count: 1, m: ['early'] };
    const first = (await (await post(`${server.base}/open`, open)).json()) as { id: string };
    const again = (await (await post(`${server.base}/open`, open)).json()) as { id: string };
    expect(again).toEqual(first);
    expect(log).toEqual([]);
    await post(`${server.base}/up`, {
      t: 'body',
      n: 1,
      instance: 1,
      id: first.id,
      first: 1,
      count: 1,
      m: ['early'],
      ...new HandCounts().block,
    });
    expect(log).toEqual(['session', 'early']);
  });
});

describe('tickets', () => {
  it('[S8] [SN-20.3] a ticket opens one event stream, once', async () => {
    let session: WireSession | undefined;
    server = await listen({ onSession: (opened) => (session = opened) });
    const { attach } = await attachOf(1);
    const { ticket } = (await (await post(`${server.base}/ticket`, { ...attach(1), junk: 'x' } as never)).json()) as {
      ticket: string;
    };
    const link = await down('event-stream', undefined, `?ticket=${ticket}`);
    await eventually(() => link.records.length === 2);
    expect(link.response.headers['content-type']).toMatch(/^text\/event-stream/);
    session?.send('by ticket');
    await eventually(() => link.arrivals.length === 1);
    const again = await down('event-stream', undefined, `?ticket=${ticket}`);
    expect(again.response.statusCode).toBe(204);
  });

  it('[SN-20.3] a ticket expires, and nothing opens without one', async () => {
    let time = 1_000;
    server = await listen({ now: () => time });
    const { attach } = await attachOf(1);
    const { ticket } = (await (await post(`${server.base}/ticket`, attach(1) as never)).json()) as { ticket: string };
    time += 10_000;
    for (const query of [`?ticket=${ticket}`, '?ticket=made-up', '', '?ticket=']) {
      expect((await down('event-stream', undefined, query)).response.statusCode).toBe(204);
    }
  });

  it('tickets are not issued for an unknown session, nor accepted by other transports', async () => {
    server = await listen();
    const attach = { t: 'attach', id: 'nobody', n: 1, instance: 1, ...new HandCounts().block };
    expect(await (await post(`${server.base}/ticket`, attach)).json()).toEqual({
      t: 'refused',
      code: 'unknown',
      instance: 1,
    });
    expect((await fetch(`${server.base}/fetch-stream?ticket=x`)).status).toBe(405);
  });
});

describe('a stream', () => {
  it('[TR-15.1] [TR-15.2] [TR-15.3] a stream ends at its byte limit, between two messages, and the next one continues', async () => {
    let session: WireSession | undefined;
    server = await listen({ limits: { streamBytesMax: 2_000 }, onSession: (opened) => (session = opened) });
    const { attach } = await attachOf(1);
    const link = await down('fetch-stream', attach(1));
    await eventually(() => session?.transport === 'fetch-stream');
    for (let i = 0; i < 5; i++) {
      session?.send(`${i}`.repeat(500));
      await eventually(() => link.arrivals.length === i + 1 || link.ended());
    }
    await eventually(link.ended);
    const next = await down('fetch-stream', attach(2));
    await eventually(() => next.arrivals.length === 5);
    expect(link.arrivals.length).toBeLessThan(5);
    expect(link.response.complete).toBe(true);
    expect(link.response.headers).not.toHaveProperty('content-length');
    expect(link.records[0]).toMatchObject({ t: 'attached' });
  });

  it('[F2] [TR-21.2] a stream whose peer has vanished is cut, however much it had not taken', async () => {
    let session: WireSession | undefined;
    const quick = { heartbeatMs: 1_000, heartbeatHiddenMs: 1_000, lingerMs: 80 };
    server = await listen({
      limits: {
        ...quick,
        down: { messages: 4_000, bytes: 64 << 20 },
        bufferMessagesMax: 5_000,
        bufferBytesMax: 65 << 20,
      },
      onSession: (opened) => (session = opened),
    });
    const ends: Socket[] = [];
    server.http.on('connection', (end) => ends.push(end));
    const { attach } = await attachOf(1);
    const peer = connect(server.port, '127.0.0.1').pause();
    peer.on('error', () => undefined);
    const body = JSON.stringify(attach(1));
    peer.write(`POST /everywire/fetch-stream HTTP/1.1\r\nHost: x\r\nContent-Length: ${body.length}\r\n\r\n${body}`);
    await eventually(() => session?.transport === 'fetch-stream');
    // More than any kernel buffers for a reader that takes nothing.
    for (let i = 0; i < 400; i++) session?.send('x'.repeat(60_000));
    const end = ends.find((one) => one.remotePort === peer.localPort);
    await eventually(() => (end?.writableLength ?? 0) > 0);
    await eventually(() => end?.destroyed);
    expect(session?.transport).toBeNull();
    expect(server.wire.sessions()).toHaveLength(1);
    peer.destroy();
  });
});
