import { OPCODE } from '@everywire/protocol/internal';
import { afterEach, describe, expect, it } from 'vitest';
import { endFramePeers, FramePeer, handshake } from './frame-peer.js';
import { eventually, HandCounts, newNonce } from './hand-client.js';
import { listenTcp, type TcpListening } from './hand-tcp.js';

const servers: TcpListening[] = [];
afterEach(async () => {
  endFramePeers();
  for (const server of servers.splice(0)) await server.end();
});

/** Starts a server that echoes every message. */
async function start(directSockets: boolean): Promise<TcpListening> {
  const server = await listenTcp({
    directSockets,
    limits: { down: { messages: 1_024, bytes: 10 << 20 }, bufferBytesMax: 12 << 20, rawWaitingBytesMax: 10 << 20 },
    onSession: (session) => {
      session.onMessage = (data) => void session.send(data);
    },
    onRawLink: ({ topics }) => topics,
    onRawMessage: (link, data) => void link.send(data),
  });
  servers.push(server);
  return server;
}

/** Sends a control record. */
const record = (peer: FramePeer, fields: object): void =>
  peer.write(peer.frame(OPCODE.text, `\0${JSON.stringify(fields)}`));

/** Opens a session by hand, up to the point where its first message may follow. */
async function attach(peer: FramePeer): Promise<FramePeer> {
  const next = (name: string): Promise<{ readonly id: string }> =>
    eventually(() => {
      const records = peer.frames.filter(({ payload }) => payload[0] === 0);
      const read = records.map(
        ({ payload }) => JSON.parse(payload.subarray(1).toString()) as { t: string; id: string },
      );
      return read.find(({ t }) => t === name);
    });
  await peer.opened();
  record(peer, { t: 'open', nonce: newNonce() });
  const { id } = await next('opened');
  record(peer, { t: 'attach', id, n: 1, instance: 7, ...new HandCounts().block });
  await next('attached');
  record(peer, { t: 'from', first: 1 });
  return peer;
}

/** Opens a connection by hand and waits until it is open. */
type Join = (server: TcpListening) => Promise<FramePeer>;
const session: Join = ({ port }) =>
  attach(new FramePeer(port, handshake('websocket', 'Sec-WebSocket-Protocol: everywire.2')));
const tcp: Join = ({ tcpPort }) => attach(new FramePeer(tcpPort, 'everywire.2\n'));
const raw: Join = async (server) => {
  const before = server.wire.rawLinks().length;
  const peer = await new FramePeer(server.port, handshake('raw-websocket?topic=a')).opened();
  await eventually(() => server.wire.rawLinks().length > before);
  return peer;
};

/** The server reads a socket directly (its own reader) or by Node's stream. A raw link is a WebSocket without a session. */
const ways = [
  { name: 'a session link, read directly', join: session, directSockets: true },
  { name: 'a session link, read by its stream', join: session, directSockets: false },
  { name: 'a raw link', join: raw, directSockets: true },
  { name: 'raw TCP', join: tcp, directSockets: true },
];

describe.each(ways)('[TR-18.1] $name', ({ join, directSockets }) => {
  it('each ping of a read is answered with its bytes, before the answer to a message of the same read', async () => {
    const peer = await join(await start(directSockets));
    const first = peer.frame(OPCODE.text, 'in two ');
    first[0] = OPCODE.text;
    peer.write(
      first,
      peer.frame(OPCODE.ping, 'one'),
      peer.frame(OPCODE.ping, 'two'),
      peer.frame(OPCODE.continuation, 'parts'),
    );
    await eventually(() => peer.heard.length >= 3);
    expect(peer.heard).toEqual(['pong one', 'pong two', 'text in two parts']);
  });

  it('a ping that follows a message in the same read is answered', async () => {
    const peer = await join(await start(directSockets));
    peer.write(peer.frame(OPCODE.text, 'message'), peer.frame(OPCODE.ping, 'ping'));
    await eventually(() => peer.heard.length >= 2);
    expect(peer.heard).toContain('pong ping');
    expect(peer.heard).toContain('text message');
  });

  it('[TR-18.2] of a flood of pings the first ones and the last are answered, in order', async () => {
    const peer = await join(await start(directSockets));
    peer.write(...Array.from({ length: 2_000 }, (_, at) => peer.frame(OPCODE.ping, String(at))));
    await eventually(() => peer.heard.at(-1) === 'pong 1999');
    const numbers = peer.heard.map((one) => Number(one.slice('pong '.length)));
    expect(numbers.slice(0, 8)).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    expect(numbers).toEqual([...numbers].sort((a, b) => a - b));
    // A read or two, or a few on a busy machine.
    expect(numbers.length).toBeLessThan(500);
  });

  it('a ping is answered while bytes wait for the client', async () => {
    const server = await start(directSockets);
    const peer = await join(server);
    peer.socket.pause();
    const [link] = [...server.wire.sessions(), ...server.wire.rawLinks()];
    // More than the kernel buffers for a reader that takes nothing.
    for (let sent = 0; sent < 150 && link?.send('x'.repeat(60_000)) === true; sent++)
      await new Promise((resolve) => setImmediate(resolve));
    peer.write(peer.frame(OPCODE.ping, 'behind it'));
    const other = await join(server);
    other.write(other.frame(OPCODE.ping, 'read'));
    await eventually(() => other.heard.length > 0);
    peer.socket.resume();
    await eventually(() => peer.heard.includes('pong behind it'));
  });
});

it('[TR-18.1] a raw link that has not named its topics yet has its pings answered', async () => {
  const server = await start(true);
  const peer = await new FramePeer(server.port, handshake('raw-websocket')).opened();
  peer.write(peer.frame(OPCODE.ping, 'early'));
  await eventually(() => peer.heard.length > 0);
  expect(peer.heard).toEqual(['pong early']);
});
