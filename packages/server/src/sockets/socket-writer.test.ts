import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, Socket } from 'node:net';
import { PassThrough } from 'node:stream';
import { TLSSocket } from 'node:tls';
import { afterEach, describe, expect, it } from 'vitest';
import { chooseWriter } from './choose-writer.js';
import { directWriter } from './direct-socket-writer.js';
import { peerAddress } from './peer-address.js';
import { publicWriter, type SocketHandle, type SocketWriter } from './socket-writer.js';

// Tests `SocketWriter`, the two ways to read and write a TCP socket: `public` by Node's documented functions, and
// `direct` by Node's internal ones, which is faster. Both must behave alike.

let server: Server;
/** The server's end of the connection. */
let ours: Socket;
/** The client's end. */
let peer: Socket;
/** Events of the server's end, and the texts that it received. */
let events: string[] = [];
/** What `read` returned for the server's end. A write with it may skip a look-up. */
let socketHandle: SocketHandle = null;

/** Connects a client to a server socket with this writer, and records the events of the server's end, one line each. */
async function connectBy(way: SocketWriter): Promise<void> {
  const lines: string[] = [];
  events = lines;
  server = createServer({ allowHalfOpen: true, noDelay: true }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  peer = connect({ port: (server.address() as AddressInfo).port, host: '127.0.0.1', allowHalfOpen: true });
  peer.on('error', () => undefined);
  [ours] = (await once(server, 'connection')) as [Socket];
  ours.on('end', () => lines.push('end'));
  ours.on('error', () => undefined);
  ours.on('close', () => lines.push('close'));
  socketHandle = way.read(ours, {
    onBytes: (chunk, length) => lines.push(Buffer.from(chunk).toString('latin1', 0, length)),
  });
}

afterEach(() => {
  peer?.destroy();
  ours?.destroy();
  server?.close();
});

/** Waits until the condition is true, at most 10 s. */
async function until(what: () => boolean): Promise<void> {
  const deadline = performance.now() + 10_000;
  while (!what()) {
    if (performance.now() > deadline)
      throw new Error(`Waited for ${what.toString()}, had ${events.join(' ').slice(0, 200)}`);
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
}

/** Returns all bytes that the peer reads until the end. */
async function readAll(): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of peer) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

/** Returns bytes filled with one letter, so that their place is visible. */
function block(letter: string, bytes: number): Buffer {
  return Buffer.alloc(bytes, letter);
}

const ways: [string, SocketWriter][] = [['public', publicWriter]];
if (directWriter !== null) ways.push(['direct', directWriter]);

describe.each(ways)('SocketWriter, %s', (_, way) => {
  it("a socket writer reports the peer's address", async () => {
    await connectBy(way);
    expect(peerAddress(ours, way === directWriter)).toBe('127.0.0.1');
    // The socket's own property returns the same, but stores it in the socket.
    expect(ours.remoteAddress).toBe('127.0.0.1');
    ours.destroy();
    await until(() => events.includes('close'));
    expect(peerAddress(ours, way === directWriter)).toBe(ours.remoteAddress);
  });

  it('a socket writer writes Latin-1 texts in order with other bytes', async () => {
    await connectBy(way);
    way.write(ours, Buffer.from('a'));
    way.writeText(ours, '\x81\xff');
    way.write(ours, Buffer.from('b'), socketHandle);
    ours.end();
    expect((await readAll()).toString('latin1')).toBe('a\x81\xffb');
  });

  it('a socket writer delivers received bytes and the end', async () => {
    await connectBy(way);
    peer.write('one');
    await until(() => events.includes('one'));
    peer.end('two');
    await until(() => events.includes('end'));
    expect(events).toEqual(['one', 'two', 'end']);
    // Half-open: writing still works.
    way.write(ours, Buffer.from('still'));
    ours.end();
    expect((await readAll()).toString()).toBe('still');
  });

  it('a socket writer reads many sockets without mixing their bytes', async () => {
    await connectBy(way);
    const others: { socket: Socket; end: Socket; received: string[] }[] = [];
    for (let at = 0; at < 20; at++) {
      const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
      const [end] = (await once(server, 'connection')) as [Socket];
      const received: string[] = [];
      way.read(end, { onBytes: (chunk, length) => received.push(Buffer.from(chunk).toString('latin1', 0, length)) });
      others.push({ socket, end, received });
    }
    const textOf = (at: number): string => String.fromCharCode(97 + at).repeat(50);
    for (const [at, { socket }] of others.entries()) socket.write(textOf(at));
    await until(() => others.every(({ received }) => received.join('').length >= 50));
    expect(others.map(({ received }) => received.join(''))).toEqual(others.map((_, at) => textOf(at)));
    for (const { socket, end } of others) for (const one of [socket, end]) one.destroy();
  });

  it('a socket writer writes in the order of the calls, whether or not they wait', async () => {
    await connectBy(way);
    peer.pause();
    const parts: Buffer[] = [];
    const writePart = (letter: string, bytes: number, write: (part: Buffer) => unknown): void => {
      const part = block(letter, bytes);
      parts.push(part);
      write(part);
    };
    writePart('a', 10, (part) => way.write(ours, part));
    writePart('b', 8 << 20, (part) => expect(way.write(ours, part)).toBe(false));
    writePart('c', 100, (part) => way.write(ours, part));
    writePart('d', 1_000, (part) => ours.write(part));
    writePart('e', 100, (part) => way.write(ours, part));
    writePart('f', 100, (part) => way.writeAll(ours, [part.subarray(0, 40), part.subarray(40)]));
    expect(way.waitingBytes(ours)).toBeGreaterThan(1 << 20);
    ours.end();
    const received = await readAll();
    expect(received.equals(Buffer.concat(parts))).toBe(true);
    expect(way.waitingBytes(ours)).toBe(0);
  });

  it('a socket writer keeps waiting bytes until the kernel has taken them', async () => {
    await connectBy(way);
    peer.pause();
    for (let i = 0; i < 200; i++) way.write(ours, block(String(i % 10), 100_000));
    // Bytes without a reference would be overwritten by these allocations.
    for (let i = 0; i < 200; i++) Buffer.alloc(1 << 20, 0xff);
    ours.end();
    const received = await readAll();
    expect(received.length).toBe(20_000_000);
    for (let i = 0; i < 200; i++)
      expect(received.subarray(i * 100_000, (i + 1) * 100_000).equals(block(String(i % 10), 100_000))).toBe(true);
  });

  it('a socket writer writes several parts as one', async () => {
    await connectBy(way);
    expect(
      way.writeAll(
        ours,
        ['one', ' ', 'two'].map((part) => Buffer.from(part)),
      ),
    ).toBe(true);
    ours.end();
    expect((await readAll()).toString()).toBe('one two');
  });

  it('a socket writer reports only the close of a socket that is destroyed while a read or a write is in flight', async () => {
    await connectBy(way);
    peer.pause();
    way.write(ours, block('x', 8 << 20));
    ours.destroy();
    way.write(ours, Buffer.from('late'));
    await until(() => events.includes('close'));
    expect(events).toEqual(['close']);
  });

  it.each(['idle', 'waiting'])('a socket writer closes the socket when the peer resets it, %s', async (state) => {
    await connectBy(way);
    if (state === 'waiting') {
      peer.pause();
      way.write(ours, block('x', 8 << 20));
    }
    peer.resetAndDestroy();
    await until(() => events.includes('close'));
    expect(ours.destroyed).toBe(true);
    expect(events.filter((line) => line === 'close')).toHaveLength(1);
  });

  it('a socket writer closes the socket when a write fails', async () => {
    await connectBy(way);
    peer.resetAndDestroy();
    await once(peer, 'close');
    // The reset has arrived and has not been read.
    for (let i = 0; i < 3; i++) way.write(ours, Buffer.from('into the void'));
    await until(() => events.includes('close'));
    expect(ours.destroyed).toBe(true);
  });

  it('a socket writer writes in order with and without a socketHandle, and nothing to a destroyed socket', async () => {
    await connectBy(way);
    way.write(ours, Buffer.from('a'), socketHandle);
    way.write(ours, Buffer.from('b'));
    way.write(ours, block('c', 4 << 20), socketHandle);
    way.write(ours, Buffer.from('d'), socketHandle);
    const received: Buffer[] = [];
    peer.on('data', (chunk) => received.push(chunk));
    await until(() => Buffer.concat(received).at(-1) === 'd'.charCodeAt(0));
    expect(Buffer.concat(received)).toHaveLength((4 << 20) + 3);
    const closed = once(peer, 'end');
    ours.destroy();
    way.write(ours, Buffer.from('e'), socketHandle);
    await until(() => events.includes('close'));
    way.write(ours, Buffer.from('f'), socketHandle);
    await closed;
    expect(Buffer.concat(received).at(-1)).toBe('d'.charCodeAt(0));
  });

  it('a socket writer writes nothing after the end', async () => {
    await connectBy(way);
    way.write(ours, Buffer.from('all'));
    ours.end();
    way.write(ours, Buffer.from('too late'));
    expect((await readAll()).toString()).toBe('all');
  });
});

describe('chooseWriter', () => {
  it('chooseWriter returns the direct writer only for plain TCP and only if it is allowed', async () => {
    await connectBy(publicWriter);
    expect(directWriter).not.toBeNull();
    expect(chooseWriter(ours, true)).toBe(directWriter);
    expect(chooseWriter(ours, false)).toBe(publicWriter);
    const wrapped = new Socket();
    expect(chooseWriter(wrapped, true)).toBe(publicWriter);
    ours.write = (): boolean => true;
    expect(chooseWriter(ours, true)).toBe(publicWriter);
    expect(chooseWriter(new TLSSocket(new PassThrough() as unknown as Socket), true)).toBe(publicWriter);
    expect(chooseWriter(new PassThrough(), true)).toBe(publicWriter);
  });
});
