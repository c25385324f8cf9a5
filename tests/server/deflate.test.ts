import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { deflateRawSync } from 'node:zlib';
import { encodeMaskedFrame, OPCODE } from '@everywire/protocol/internal';
import type { WireServerOptions, WireSession } from '@everywire/server';
import { afterEach, describe, expect, it } from 'vitest';
import WebSocket from 'ws';
import { eventually, HandClient, type Listening, listen, newNonce } from './hand-client.js';

const servers: Listening[] = [];
const sockets: { destroy(): void }[] = [];
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  for (const server of servers.splice(0)) await server.end();
});

/** Starts a server with compression. `opened` has its sessions. */
async function start(
  options: Partial<WireServerOptions> = {},
): Promise<Listening & { readonly opened: WireSession[] }> {
  const opened: WireSession[] = [];
  const server = await listen({
    deflate: true,
    onSession: (session) => void opened.push(session),
    onRawLink: ({ topics }) => topics,
    ...options,
  });
  servers.push(server);
  return { ...server, opened };
}

/** A WebSocket that shows the raw bytes that the server sends. */
class ByteSocket {
  readonly socket: Socket;
  read: Buffer = Buffer.alloc(0);
  ended = false;

  constructor(server: Listening, path: string, extensions: string | null, subprotocol: string | null = 'everywire.2') {
    this.socket = connect(server.port, '127.0.0.1');
    sockets.push(this.socket);
    this.socket.write(
      `GET /everywire/${path} HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n` +
        `Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${Buffer.alloc(16).toString('base64')}\r\n` +
        `${subprotocol === null ? '' : `Sec-WebSocket-Protocol: ${subprotocol}\r\n`}` +
        `${extensions === null ? '' : `Sec-WebSocket-Extensions: ${extensions}\r\n`}\r\n`,
    );
    this.socket.on('data', (chunk: Buffer) => {
      this.read = Buffer.concat([this.read, chunk]);
    });
    this.socket.on('close', () => {
      this.ended = true;
    });
    this.socket.on('error', () => undefined);
  }

  async head(): Promise<string> {
    await eventually(() => this.read.includes('\r\n\r\n'));
    return this.read.subarray(0, this.read.indexOf('\r\n\r\n')).toString();
  }

  /** The bytes after the head. */
  get frames(): Buffer {
    return this.read.subarray(this.read.indexOf('\r\n\r\n') + 4);
  }

  /** Waits for the close frame and returns its code. */
  async closeCode(): Promise<number> {
    return eventually(() => {
      const at = this.frames.lastIndexOf(0x88);
      return at < 0 || this.frames.length < at + 4 ? undefined : this.frames.readUInt16BE(at + 2);
    });
  }

  /** Writes one masked frame. `rsv` is added to its first byte. */
  frame(payload: Uint8Array, rsv: number, opcode: 1 | 2 = 1): void {
    const frame = encodeMaskedFrame(opcode === 1 ? OPCODE.text : OPCODE.binary, payload, 0x12345678);
    frame[0] = (frame[0] as number) | rsv;
    this.socket.write(frame);
  }
}

/** The bit of a frame's first byte that marks a compressed message. */
const RSV1 = 0x40;
const WORDS = 'words that come again and again, '.repeat(200);
/** Compresses like a third-party sender without context takeover: with zlib's own defaults. */
const squeezed = (content: string | Uint8Array): Buffer => deflateRawSync(content, { finishFlush: 2 }).subarray(0, -4);

describe('[SN-17.3] permessage-deflate: the handshake', () => {
  it('[FR-23.1] [FR-23.2] [FR-23.3] [FR-23.5] [FR-23.6] compression is accepted where it is on and the offer can be granted', async () => {
    const server = await start();
    const socket = new ByteSocket(server, 'websocket', 'permessage-deflate; client_max_window_bits');
    expect(await socket.head()).toMatch(
      /\r\nSec-WebSocket-Extensions: permessage-deflate; server_no_context_takeover; client_no_context_takeover$/,
    );
    const narrow = new ByteSocket(server, 'websocket', 'permessage-deflate; server_max_window_bits=10');
    expect(await narrow.head()).toMatch(/; server_max_window_bits=10$/);
    const unknown = new ByteSocket(server, 'websocket', 'permessage-deflate; server_max_window_bits=7');
    expect(await unknown.head()).toContain(' 101 ');
    expect(await unknown.head()).not.toContain('Extensions');
    const without = new ByteSocket(server, 'websocket', null);
    expect(await without.head()).not.toContain('Extensions');
    const malformed = new ByteSocket(server, 'websocket', 'permessage-deflate;');
    expect(await malformed.head()).toContain(' 400 ');
    await eventually(() => malformed.frames.includes('"extensions_malformed"'));
  });

  it('[FR-23] an offer of compression is ignored where it is off, and then RSV1 is reserved', async () => {
    const server = await start({ deflate: false });
    const socket = new ByteSocket(server, 'websocket', 'permessage-deflate');
    expect(await socket.head()).not.toContain('Extensions');
    socket.frame(squeezed(WORDS), RSV1);
    expect(await socket.closeCode()).toBe(1002);
    expect(await new ByteSocket(server, 'websocket', ';;;').head()).toContain(' 101 ');
  });
});

describe.each([
  ['websocket', 'everywire.2'],
  ['raw-websocket?topic=a', null],
] as const)('[SN-17.3] permessage-deflate: what a client may not send to %s', (path, subprotocol) => {
  it.each<[string, number, (socket: ByteSocket) => void]>([
    [
      'RSV1 on a control frame',
      1002,
      (socket) => socket.socket.write(Buffer.from('c980000000 00'.replaceAll(' ', ''), 'hex')),
    ],
    ['RSV2', 1002, (socket) => socket.frame(squeezed(WORDS), 0x20)],
    ['a stream that is corrupt', 1007, (socket) => socket.frame(Buffer.from([0xff, 0xff]), RSV1)],
    ['a stream that is cut short', 1007, (socket) => socket.frame(squeezed(WORDS).subarray(0, 20), RSV1)],
    ['text that is not UTF-8', 1007, (socket) => socket.frame(squeezed(Buffer.from([0xc3, 0x28])), RSV1)],
    ['[W19] a bomb', 1009, (socket) => socket.frame(squeezed(Buffer.alloc(40 << 20)), RSV1, 2)],
  ])('%s: %i', async (_, code, send) => {
    const server = await start({ onRawMessage: () => undefined });
    const socket = new ByteSocket(server, path, 'permessage-deflate', subprotocol);
    await socket.head();
    send(socket);
    expect(await socket.closeCode()).toBe(code);
    // Other clients are unaffected.
    const client = await HandClient.join(server.port);
    server.opened[0]?.send('still here');
    await eventually(() => client.got.length === 1);
  });
});

/** The hand client with extensions: `ws` checks every byte of them independently. */
class DeflateClient extends HandClient {
  constructor(port: number, perMessageDeflate: WebSocket.ClientOptions['perMessageDeflate'] = { threshold: 0 }) {
    super(port, {}, { perMessageDeflate: perMessageDeflate as object });
  }
}

/** Opens a session over a WebSocket with compression. */
async function join(port: number): Promise<HandClient> {
  const client = new DeflateClient(port);
  await client.opened();
  client.record({ t: 'open', version: 2, nonce: newNonce() });
  await client.heard('opened');
  client.attach(1);
  await client.heard('attached');
  client.record({ t: 'from', first: 1 });
  return client;
}

describe('[SN-17.3] permessage-deflate: sessions', () => {
  it('[FR-23.7] a session with compression carries everything both ways, records too, in order, next to clients without it', async () => {
    const server = await start({
      onSession: (session) => {
        session.join('room');
        session.onMessage = (data) => server.wire.publish('room', data, { except: session });
      },
    });
    const [one, two] = [await join(server.port), await join(server.port)];
    const plain = await HandClient.join(server.port);
    expect(one.socket.extensions).toBe('permessage-deflate');
    expect(plain.socket.extensions).toBe('');
    const sent: (string | Uint8Array)[] = ['', 'short', WORDS, `\0${WORDS}`, new Uint8Array(5_000), `\ufeff${WORDS}€`];
    for (const data of sent) one.send(data);
    await eventually(() => two.got.length === sent.length && plain.got.length === sent.length);
    expect([two.got, plain.got]).toEqual([sent, sent]);
    plain.send(WORDS);
    await eventually(() => one.got.length === 1);
    expect(one.got).toEqual([WORDS]);
  });

  it('[SN-17.4] a message is compressed once for all who get it: the bytes are the same', async () => {
    const server = await start();
    const readers = [1, 2, 3].map(() => new ByteSocket(server, 'raw-websocket?topic=a', 'permessage-deflate', null));
    await eventually(() => server.wire.rawLinks().length === 3);
    for (const text of [WORDS, 'short', WORDS.toUpperCase()]) server.wire.publish('a', text);
    await eventually(() => readers.every(({ frames }) => frames.includes('short') && frames.length > 60));
    await eventually(() => new Set(readers.map(({ frames }) => frames.length)).size === 1);
    for (const { frames } of readers) expect(frames).toEqual(readers[0]?.frames);
    expect(readers[0]?.frames[0]).toBe(0xc1);
    expect(readers[0]?.frames.length).toBeLessThan(400);
  });

  it('[SN-10.6] a replay over a link with or without compression equals the unacknowledged messages', async () => {
    const server = await start();
    const first = await join(server.port);
    const id = first.id;
    first.acknowledges = false;
    const sent = [WORDS, 'short', WORDS.toUpperCase()];
    for (const text of sent) server.opened[0]?.send(text);
    await eventually(() => first.got.length === 3);
    first.socket.terminate();
    for (const [n, client] of [new HandClient(server.port), new DeflateClient(server.port)].entries()) {
      await client.opened();
      client.acknowledges = false;
      client.attach(n + 2, id);
      await eventually(() => client.got.length === 3);
      expect(client.got).toEqual(sent);
      client.socket.terminate();
    }
  });

  it('[SN-16.5] raw links use compression as well', async () => {
    const received: (string | Uint8Array)[] = [];
    const server = await start({ onRawMessage: (_link, data) => void received.push(data) });
    const raw = new WebSocket(`ws://127.0.0.1:${server.port}/everywire/raw-websocket?topic=a`, {
      perMessageDeflate: { threshold: 0 },
    });
    sockets.push({ destroy: () => raw.terminate() });
    const arrivals: string[] = [];
    raw.on('message', (data) => arrivals.push(String(data)));
    await once(raw, 'open');
    await eventually(() => server.wire.rawLinks().length === 1);
    for (const text of [WORDS, `\0${WORDS}`]) {
      raw.send(text);
      server.wire.publish('a', text);
    }
    await eventually(() => received.length === 2 && arrivals.length === 2);
    expect([received, arrivals]).toEqual([
      [WORDS, `\0${WORDS}`],
      [WORDS, `\0${WORDS}`],
    ]);
  });
});
