import { createMemoryBroker } from '@everywire/broker-memory';
import type { RawLink, WireSession } from '@everywire/server';
import { afterEach, describe, expect, it } from 'vitest';
import { eventually, HandClient } from './hand-client.js';
import { BEARER, endRawSockets, enter, start } from './raw-socket.js';

afterEach(endRawSockets);

describe('a raw WebSocket', () => {
  it.each(['local', 'memory broker'])(
    '[SN-16.5] [TR-23.1] a raw WebSocket is in the same topics as sessions, %s',
    async (kind) => {
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
    },
  );

  it('[SN-16.5] a message of a raw WebSocket is published by the application, and a text that begins with U+0000 is escaped', async () => {
    const received: [RawLink['kind'], string | Uint8Array][] = [];
    const sessions: WireSession[] = [];
    const server = await start({
      onSession: (session) => void sessions.push(session),
      onRawMessage: (link, data) => {
        received.push([link.kind, data]);
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
    expect(received).toEqual(expected.map((data) => ['websocket', data]));
    expect([two.got, client.got, one.got]).toEqual([expected, expected, []]);
  });

  it('a raw WebSocket may only listen if the application has no handler', async () => {
    const server = await start();
    const raw = await enter(server, '?topic=a', BEARER);
    raw.socket.send('x');
    expect(await raw.ended()).toEqual([1003, 'read_only']);
    await eventually(() => server.wire.rawLinks().length === 0);
  });

  it('a raw WebSocket is not read while the application is busy, and a failing handler ends only its own link', async () => {
    let release = (): void => undefined;
    const received: (string | Uint8Array)[] = [];
    const server = await start({
      onRawMessage: (_link, data) => {
        received.push(data);
        if (data === 'fail') throw new Error('secret');
        return new Promise<void>((resolve) => {
          release = resolve;
        });
      },
    });
    const [busy, other] = [await enter(server, '?topic=a', BEARER), await enter(server, '?topic=a', BEARER)];
    for (const text of ['1', '2', '3']) busy.socket.send(text);
    await eventually(() => received.length === 1);
    release();
    await eventually(() => received.length === 2);
    other.socket.send('fail');
    expect(await other.ended()).toEqual([1011, 'internal']);
    release();
    await eventually(() => received.length === 4);
    expect(received).toEqual(['1', '2', 'fail', '3']);
    expect(server.notices.map(({ text }) => text).join()).not.toContain('secret');
  });

  it("[SN-23] [TR-21.3] messages of a raw WebSocket wait in the client's memory while the application is busy, not in the server", async () => {
    const received: (string | Uint8Array)[] = [];
    const server = await start({
      onRawMessage: (_link, data) => {
        received.push(data);
        return data === 'wait' ? new Promise<void>(() => undefined) : undefined;
      },
    });
    const [busy, other] = [await enter(server, '?topic=a', BEARER), await enter(server, '?topic=a', BEARER)];
    busy.socket.send('wait');
    await eventually(() => received.length === 1);
    // Far more than the kernel buffers for a server that reads nothing.
    for (let count = 0; count < 600; count++) busy.socket.send('x'.repeat(50_000));
    for (let count = 2; count <= 100; count++) {
      other.socket.send('go on');
      await eventually(() => received.length === count);
    }
    expect(busy.socket.bufferedAmount).toBeGreaterThan(1 << 20);
  });

  it('a raw WebSocket can be answered and ended by the application', async () => {
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

  it('a raw WebSocket is closed when the server stops', async () => {
    const server = await start();
    const raw = await enter(server, '?topic=a', BEARER);
    await server.wire.close({ deadlineMs: 1_000 });
    expect(raw.closed).toEqual([1001, 'closing']);
  });

  it('[SN-15.5] a raw WebSocket is pinged, and cut if it does not answer', async () => {
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

describe('[SN-3] [SN-23] a raw WebSocket that takes nothing', () => {
  it.each([
    ['durable', 'is closed'],
    ['hint', 'loses messages'],
    ['ephemeral', 'loses messages'],
  ] as const)(
    'a raw WebSocket of a %s topic that takes nothing %s, and the others get everything',
    async (topicClass, fate) => {
      const limits = { rawWaitingBytesMax: 100_000, historyBytesMax: 10_000, closeFrameMs: 50, tickMs: 5 };
      const server = await start({ limits });
      const [slow, good] = [await enter(server, '?topic=a', BEARER), await enter(server, '?topic=a', BEARER)];
      slow.socket.pause();
      const payload = 'x'.repeat(50_000);
      // Far more than the kernel buffers for a reader that takes nothing.
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
    },
  );
});
