import { connect, type Socket } from 'node:net';
import type { WireSession } from '@everywire/server';
import { afterEach, describe, expect, it } from 'vitest';
import { eventually, HandClient, type Listening, listen } from './hand-client.js';

let server: Listening;
afterEach(() => server.end());

const HANDSHAKE =
  'GET /everywire/websocket HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n' +
  'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: everywire.2\r\n';

/** Opens a raw connection and exposes the bytes received and whether it is closed. */
function raw(port: number): { socket: Socket; text: () => string; bytes: () => Buffer; closed: () => boolean } {
  const socket = connect(port, '127.0.0.1');
  const chunks: Buffer[] = [];
  let closed = false;
  socket.on('data', (chunk) => chunks.push(chunk));
  socket.on('close', () => {
    closed = true;
  });
  socket.on('error', () => undefined);
  return {
    socket,
    text: () => Buffer.concat(chunks).toString('latin1'),
    bytes: () => Buffer.concat(chunks),
    closed: () => closed,
  };
}

/** Starts a server and opens a WebSocket by hand, up to the end of the handshake. */
async function afterHandshake(): Promise<ReturnType<typeof raw>> {
  server = await listen();
  const peer = raw(server.port);
  peer.socket.write(`${HANDSHAKE}\r\n`);
  await eventually(() => peer.text().endsWith('\r\n\r\n'));
  return peer;
}

describe('WebSocket', () => {
  it('[SN-1] a WebSocket carries text and binary both ways, in order, over one session', async () => {
    const arrivals: (string | Uint8Array)[] = [];
    server = await listen({
      onSession: (session) => {
        session.onMessage = (data) => {
          arrivals.push(data);
          session.send(data);
        };
      },
    });
    const client = await HandClient.join(server.port);
    const sent = ['', 'héllo \u{1f680}', '\0escaped', Uint8Array.of(0, 1, 255), new Uint8Array(0), 'x'.repeat(65_536)];
    for (const message of sent) client.send(message);
    await eventually(() => client.got.length === sent.length);
    expect(arrivals).toEqual(sent.map((one) => (typeof one === 'string' ? one : expect.objectContaining(one))));
    expect(client.got.map(String)).toEqual(sent.map(String));
    expect(client.got.map((one) => typeof one)).toEqual(sent.map((one) => typeof one));
  });

  it('[SN-6.1] a message is acknowledged when its handler has settled, not on arrival', async () => {
    let settle: () => void = () => undefined;
    server = await listen({
      limits: { heartbeatMs: 800 },
      onSession: (session) => {
        session.onMessage = (data) =>
          data === 'second' ? new Promise<void>((resolve) => (settle = resolve)) : undefined;
      },
    });
    const client = await HandClient.join(server.port);
    for (const message of ['first', 'second', 'third']) client.send(message);
    const before = await eventually(() =>
      client.records.find((record) => record['t'] === 'ping' && record['received'] === 3),
    );
    expect(before).toMatchObject({ ack: 1, received: 3 });
    settle();
    await eventually(() => client.records.find((record) => record['t'] === 'ping' && record['ack'] === 3));
  });

  it('messages are handled one at a time, in order, while handlers wait', async () => {
    const log: string[] = [];
    server = await listen({
      onSession: (session) => {
        session.onMessage = async (data) => {
          log.push(`begin ${String(data)}`);
          await new Promise((resolve) => setImmediate(resolve));
          log.push(`end ${String(data)}`);
        };
      },
    });
    const client = await HandClient.join(server.port);
    for (let i = 0; i < 20; i++) client.send(String(i));
    await eventually(() => log.length === 40);
    expect(log).toEqual(Array.from({ length: 20 }, (_, i) => [`begin ${i}`, `end ${i}`]).flat());
  });

  it('[SN-10.7] a second socket continues from where the first stood, and the first is read until it is closed', async () => {
    const arrivals: unknown[] = [];
    let session: WireSession | undefined;
    server = await listen({
      limits: { supersededMs: 200 },
      onSession: (opened) => {
        session = opened;
        opened.onMessage = (data) => void arrivals.push(data);
      },
    });
    const first = await HandClient.join(server.port);
    session?.send('one');
    await eventually(() => first.got.length === 1);
    const second = new HandClient(server.port);
    await second.opened();
    second.counts.took('one');
    second.counts.ack = 1;
    second.attach(2, first.id);
    expect(await second.heard('attached')).toMatchObject({ first: 2 });
    expect(await first.heard('superseded')).toMatchObject({ n: 2, same: true });
    first.send('late, but sent before the switch');
    await eventually(() => arrivals.length === 1);
    session?.send('two');
    await eventually(() => second.got.length === 1);
    expect([first.got, second.got]).toEqual([['one'], ['two']]);
    expect(await first.closed()).toBe(1000);
    expect(session?.transport).toBe('websocket');
  });

  it('[SN-15.5] [TR-17.2] a link that answers nothing is ended, and its session is kept', async () => {
    const transports: (string | null)[] = [];
    server = await listen({
      limits: { heartbeatMs: 50, closeFrameMs: 100 },
      onSession: (session) => {
        session.onTransport = (transport) => transports.push(transport);
      },
    });
    const client = await HandClient.join(server.port);
    client.answers = false;
    expect(await client.closed()).toBe(1001);
    expect(transports).toEqual(['websocket', null]);
    expect(server.wire.sessions()).toHaveLength(1);
  });

  it.each(['end', 'resetAndDestroy'] as const)(
    '[TR-48.3] a socket that is gone by %s is noticed immediately, and its session is kept',
    async (how) => {
      server = await listen();
      const client = await HandClient.join(server.port);
      const [session] = server.wire.sessions();
      expect(session?.transport).toBe('websocket');
      (client.socket as unknown as { readonly _socket: Socket })._socket[how]();
      await eventually(() => session?.transport === null);
      expect(session?.send('kept')).toBe(true);
      expect(session?.bufferedAmount).toBe(4);
    },
  );

  it('[SN-2.2] [TR-17.5] a gap or garbage ends the link, and its session is kept', async () => {
    server = await listen();
    const client = await HandClient.join(server.port);
    client.socket.send('\0{"t":"ack","ack":-1}');
    expect(await client.closed()).toBe(1002);
    const again = new HandClient(server.port);
    await again.opened();
    again.attach(2, client.id);
    await again.heard('attached');
    again.record({ t: 'from', first: 5 });
    again.send('a gap');
    expect(await again.closed()).toBe(1002);
    expect(server.wire.sessions()).toHaveLength(1);
  });

  it('a session is authenticated once, with the token of the record, and refused with a code', async () => {
    const asked: unknown[] = [];
    server = await listen({
      authenticate: async (request) => {
        asked.push(request);
        return request.token === 'good' ? { subject: 'ann' } : null;
      },
    });
    const bad = new HandClient(server.port);
    await bad.opened();
    bad.record({ t: 'open', version: 2, nonce: 'one of a test, once', token: 'bad' });
    expect(await bad.heard('refused')).toMatchObject({ t: 'refused', code: 'unauthorized' });
    const good = new HandClient(server.port);
    await good.opened();
    good.record({ t: 'open', version: 2, nonce: 'another one of a test', token: 'good' });
    good.attach(1, String((await good.heard('opened'))['id']));
    await good.heard('attached');
    expect(server.wire.sessions((claims) => claims.subject === 'ann')).toHaveLength(1);
    expect(asked).toEqual([
      { token: 'bad', origin: undefined, remoteAddress: '127.0.0.1' },
      { token: 'good', origin: undefined, remoteAddress: '127.0.0.1' },
    ]);
  });

  it('a bearer token of the header is used if no record has one', async () => {
    const tokens: unknown[] = [];
    server = await listen({
      authenticate: ({ token }) => {
        tokens.push(token);
        return null;
      },
    });
    const client = new HandClient(server.port, { authorization: 'Bearer from-header' });
    await client.opened();
    client.record({ t: 'open', version: 2, nonce: 'one of a test, once' });
    await client.heard('refused');
    expect(tokens).toEqual(['from-header']);
  });

  it('a session whose handler throws is ended with a notice, and no other session is', async () => {
    server = await listen({
      onSession: (session) => {
        session.onMessage = (data) => {
          session.send(JSON.parse(String(data)));
        };
      },
    });
    const [one, other] = [await HandClient.join(server.port), await HandClient.join(server.port)];
    one.send('a secret that is no JSON');
    expect(await one.heard('closed')).toMatchObject({ clean: false, code: 'internal' });
    other.send('"good"');
    await eventually(() => other.got.length === 1);
    expect(server.notices).toEqual([{ code: 'handler_failed', text: expect.stringContaining('SyntaxError\n    at ') }]);
    expect(server.notices[0]?.text).not.toContain('secret');
  });
});

describe('WebSocket, byte by byte', () => {
  it('[RFC 6455 4.2.2] the handshake is answered, and a frame that came with it is read', async () => {
    server = await listen();
    const peer = raw(server.port);
    const ping = Buffer.from([0x89, 0x81, 0, 0, 0, 0, 0x61]);
    peer.socket.write(Buffer.concat([Buffer.from(`${HANDSHAKE}\r\n`), ping]));
    await eventually(() =>
      peer
        .bytes()
        .subarray(-3)
        .equals(Buffer.from([0x8a, 0x01, 0x61])),
    );
    expect(peer.text()).toMatch(/^HTTP\/1\.1 101 Switching Protocols\r\n/);
    expect(peer.text()).toContain('Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n');
    expect(peer.text()).toContain('Sec-WebSocket-Protocol: everywire.2\r\n');
  });

  it.each([
    ['426', HANDSHAKE.replace('Version: 13', 'Version: 12'), 'Sec-WebSocket-Version: 13'],
    ['400', HANDSHAKE.replace('everywire.2', 'other'), 'subprotocol_required'],
    ['400', HANDSHAKE.replace('ZQ==', ''), 'websocket_key'],
    ['403', `${HANDSHAKE}Origin: https://evil.example\r\n`, 'origin_refused'],
    ['404', HANDSHAKE.replace('/websocket', '/elsewhere'), 'not_found'],
  ])('[TR-1.3] [TR-16.2] a wrong handshake is refused with %s and closed', async (status, request, reason) => {
    server = await listen();
    const peer = raw(server.port);
    peer.socket.write(`${request}\r\n`);
    await eventually(peer.closed);
    expect(peer.text()).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
    expect(peer.text()).toContain(reason);
    expect(peer.text()).toContain('Connection: close');
  });

  it('[RFC 6455 5.1] a frame that is not masked fails the connection with 1002', async () => {
    const peer = await afterHandshake();
    peer.socket.write(Buffer.from([0x81, 0x01, 0x61]));
    await eventually(() => peer.bytes().includes(Buffer.from([0x88, 0x02, 0x03, 0xea])));
  });

  it('[RFC 6455 7.1.1] a close frame is answered with its code, and the connection is closed', async () => {
    const peer = await afterHandshake();
    peer.socket.write(Buffer.from([0x88, 0x82, 0, 0, 0, 0, 0x03, 0xe8]));
    await eventually(peer.closed);
    expect(peer.bytes().subarray(-4)).toEqual(Buffer.from([0x88, 0x02, 0x03, 0xe8]));
  });

  it('[W9] [TR-17.4] a huge frame is refused from its header alone, with 1009', async () => {
    const peer = await afterHandshake();
    peer.socket.write(Buffer.from([0x82, 0xff, 0x00, 0x1f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0]));
    await eventually(() => peer.bytes().includes(Buffer.from([0x88, 0x02, 0x03, 0xf1])));
  });

  it('[TR-17.4] [TR-19] a socket that never sends a first record is closed, with 1008', async () => {
    server = await listen({ limits: { unattachedMs: 60, closeFrameMs: 60 } });
    const peer = raw(server.port);
    peer.socket.write(`${HANDSHAKE}\r\n`);
    await eventually(peer.closed);
    expect(peer.bytes().subarray(-4)).toEqual(Buffer.from([0x88, 0x02, 0x03, 0xf0]));
  });

  it('[RFC 6455 7.1.1] a socket whose peer does not answer a close frame is destroyed', async () => {
    server = await listen({ limits: { closeFrameMs: 60 } });
    const peer = raw(server.port);
    peer.socket.write(`${HANDSHAKE}\r\n`);
    await eventually(() => peer.text().endsWith('\r\n\r\n'));
    peer.socket.write(Buffer.from([0x81, 0x01, 0x61]));
    await eventually(peer.closed);
  });
});
