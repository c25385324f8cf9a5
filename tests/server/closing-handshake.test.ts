import type { Server as NetServer } from 'node:net';
import { OPCODE } from '@everywire/protocol/internal';
import type { WireServerOptions } from '@everywire/server';
import { afterEach, describe, expect, it } from 'vitest';
import { endFramePeers, FramePeer, handshake } from './frame-peer.js';
import { eventually } from './hand-client.js';
import { listenTcp, type TcpListening } from './hand-tcp.js';

/** In milliseconds. A test that waits for this has failed: only the close reply or the error may end the connection. */
const NEVER = 300_000;

const servers: TcpListening[] = [];
afterEach(async () => {
  endFramePeers();
  for (const server of servers.splice(0)) await server.end();
});

async function start(options: Partial<WireServerOptions> = {}): Promise<TcpListening> {
  const server = await listenTcp({
    deflate: true,
    onRawLink: ({ topics }) => topics,
    ...options,
    limits: { closeFrameMs: NEVER, ...options.limits },
  });
  servers.push(server);
  return server;
}

/** Opens a connection by hand and waits until it is open. */
type Join = (server: TcpListening) => Promise<FramePeer>;
/** Ways to open a connection. A raw link is a WebSocket without a session. */
const joins: Readonly<Record<'a session link' | 'a raw link' | 'raw TCP', Join>> = {
  'a session link': ({ port }) =>
    new FramePeer(port, handshake('websocket', 'Sec-WebSocket-Protocol: everywire.2')).opened(),
  'a raw link': async (server) => {
    const peer = await new FramePeer(server.port, handshake('raw-websocket?topic=a')).opened();
    await eventually(() => server.wire.rawLinks().length === 1, 5_000);
    return peer;
  },
  'raw TCP': ({ tcpPort }) => new FramePeer(tcpPort, 'everywire.2\n').opened(),
};

/** The server reads a socket directly (its own reader) or by Node's stream. Both must behave equally. */
const ways = [
  { name: 'a session link, read directly', join: joins['a session link'], directSockets: true },
  { name: 'a session link, read by its stream', join: joins['a session link'], directSockets: false },
  { name: 'a raw link', join: joins['a raw link'], directSockets: true },
  { name: 'raw TCP, read directly', join: joins['raw TCP'], directSockets: true },
  { name: 'raw TCP, read by its stream', join: joins['raw TCP'], directSockets: false },
];

/** Returns a frame in whose first byte these bits are changed. */
function marked(peer: FramePeer, opcode: number, bits: number, payload: Uint8Array | string): Buffer {
  const bytes = peer.frame(opcode, payload);
  bytes[0] = (bytes[0] as number) ^ bits;
  return bytes;
}

/** Invalid frames, and the close code that each must be answered with. */
const errors: Readonly<Record<string, readonly [code: number, bytes: (peer: FramePeer) => Buffer]>> = {
  'a reserved bit': [1002, (peer) => marked(peer, OPCODE.text, 0x10, 'x')],
  'the wrong mask': [1002, (peer) => marked(peer, OPCODE.text, 0, 'x').fill(peer.masked ? 1 : 0x81, 1, 2)],
  'a close frame of one byte': [1002, (peer) => peer.frame(OPCODE.close, 'x')],
  'text that is not UTF-8': [1007, (peer) => peer.frame(OPCODE.text, Uint8Array.of(0x61, 0xff))],
  'a length above the limit': [1009, (peer) => Buffer.of(0x82, peer.masked ? 0xff : 0x7f, 0, 0, 1, 0, 0, 0, 0, 0)],
};

describe.each(ways)('[TR-45] $name', ({ join, directSockets }) => {
  const isClosed = async (fault: string): Promise<void> => {
    const server = await start({ directSockets });
    const peer = await join(server);
    const [code, bytes] = errors[fault] as (typeof errors)[string];
    peer.write(bytes(peer));
    expect(await peer.closeCode()).toBe(code);
    peer.reply(code);
    await peer.untilEnded();
    peer.socket.end();
    await eventually(() => peer.gone, 5_000);
    expect(peer.frames.filter(({ opcode }) => opcode === OPCODE.close)).toHaveLength(1);
  };
  const [first = '', ...others] = Object.keys(errors);
  it.each([first])('a connection is closed right after the close frame for %s', isClosed);
  it.each(others)('a connection is closed right after the close frame for %s', { tags: ['wide'] }, isClosed);

  it('a connection is closed by the reply to a close frame that the server sent first', async () => {
    const server = await start({ directSockets });
    const peer = await join(server);
    // An invalid record; and a raw link of this server may only listen.
    peer.write(peer.frame(OPCODE.text, '\0{"t":"ack","ack":-1}'));
    const code = await peer.closeCode();
    peer.write(peer.frame(OPCODE.text, 'late'), peer.frame(OPCODE.ping, 'late'));
    peer.reply(code);
    await peer.untilEnded();
    expect(peer.frames.at(-1)?.opcode).toBe(OPCODE.close);
  });

  it('[TR-46.3] a connection is closed by a malformed close reply', async () => {
    const server = await start({ directSockets });
    const peer = await join(server);
    peer.write(peer.frame(OPCODE.text, '\0{"t":"ack","ack":-1}'));
    await peer.closeCode();
    peer.write(peer.frame(OPCODE.close, 'x'));
    await peer.untilEnded();
    expect(peer.frames.filter(({ opcode }) => opcode === OPCODE.close)).toHaveLength(1);
  });

  it('[TR-46.2] [TR-47] a connection is cut at its deadline after an error, whatever the peer still sends', async () => {
    const server = await start({ directSockets, limits: { closeFrameMs: 100 } });
    const peer = await join(server);
    peer.write(marked(peer, OPCODE.text, 0x10, 'x'));
    await peer.untilEnded();
    const sending = setInterval(() => peer.write(peer.frame(OPCODE.ping), peer.frame(OPCODE.text, 'more')), 5);
    try {
      await eventually(() => peer.gone, 5_000);
    } finally {
      clearInterval(sending);
    }
  });

  it('a connection is cut at the deadline that its first close frame set, not later because of the reply', async () => {
    let time = 0;
    const server = await start({ directSockets, now: () => time, limits: { closeFrameMs: 10_000, tickMs: 5 } });
    const peer = await join(server);
    peer.write(peer.frame(OPCODE.text, '\0{"t":"ack","ack":-1}'));
    const code = await peer.closeCode();
    time = 9_000;
    peer.reply(code);
    // The peer keeps its half open.
    await peer.untilEnded();
    time = 11_000;
    const gone = new Set<NetServer>();
    await eventually(() => {
      for (const each of [server.http, server.tcp])
        each.getConnections((_error, count) => void (count === 0 && gone.add(each)));
      return gone.size === 2;
    }, 5_000);
  });
});
