import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import type { WireSession } from '@everywire/server';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { eventually, type Listening, listen } from './hand-client.js';

let server: Listening;
afterEach(() => server.end());

// A client can send its first record in the opening handshake of a WebSocket, as a subprotocol in base64url.

const counts = { ack: 0, received: 0, seen: 0, sent: 0, sum: 0 };
const open = { t: 'open', version: 2, nonce: 'one of a handshake', instance: 7 };

/** Builds an opening handshake that offers these subprotocols. */
const request = (offered: string): string =>
  'GET /everywire/websocket HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n' +
  `Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: ${offered}\r\n\r\n`;

const base64url = (record: unknown): string => Buffer.from(JSON.stringify(record)).toString('base64url');
/** Builds an opening handshake with this record. */
const headed = (record: unknown): string => request(`everywire.2, everywire.2.head, ${base64url(record)}`);

/** A connection by hand, with the chunks that it has received. */
interface Peer {
  readonly socket: Socket;
  readonly chunks: readonly string[];
  readonly text: () => string;
}

/** Opens a connection and writes these bytes. */
async function peerOf(bytes: string): Promise<Peer> {
  const socket = connect(server.port, '127.0.0.1');
  const chunks: string[] = [];
  socket.on('data', (chunk) => chunks.push(chunk.toString('latin1')));
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  socket.write(bytes);
  return { socket, chunks, text: () => chunks.join('') };
}

/** Builds a masked text frame with a key of zeros. */
function frame(text: string): Buffer {
  const payload = Buffer.from(text);
  return Buffer.concat([Buffer.from([0x81, 0x80 | payload.length, 0, 0, 0, 0]), payload]);
}

/** The first frame after an attach: the messages of the client begin at number 1. */
const from = frame('\0{"t":"from","first":1}');

describe('a record in the opening handshake', () => {
  it('[SN-4.6] [SN-40.5] a server that stops waits for the confirmation that is on its way', async () => {
    server = await listen();
    const peer = await peerOf(headed(open));
    await eventually(() => peer.text().includes('"attached"'));
    const stopping = server.wire.close();
    peer.socket.write(from);
    peer.socket.write(frame('\0{"t":"ack","ack":0,"received":0,"seen":0,"sent":0,"sum":0,"last":0}'));
    await eventually(() => peer.text().includes('"t":"closed","clean":true'));
    await stopping;
  });

  it('[TR-40.4] [SN-40.2] `opened` and `attached` leave in the same write as the 101', async () => {
    const sessions: WireSession[] = [];
    const transports: (string | null)[] = [];
    server = await listen({
      onSession: (session) => {
        sessions.push(session);
        session.onTransport = (transport) => transports.push(transport);
      },
    });
    const peer = await peerOf(headed(open));
    await eventually(() => peer.text().includes('"attached"'));
    expect(peer.chunks).toHaveLength(1);
    expect(peer.text()).toMatch(
      /^HTTP\/1\.1 101 [\s\S]*Protocol: everywire\.2\.head\r\n\r\n[\s\S]*"opened"[\s\S]*"attached"/,
    );
    expect(sessions).toEqual([]);
    peer.socket.write(from);
    await eventually(() => sessions.length === 1);
    expect(sessions[0]?.transport).toBe('websocket');
    expect(transports).toEqual(['websocket']);
    sessions[0]?.send('hello');
    await eventually(() => peer.text().includes('hello'));
  });

  it('[SN-40.1] an attach in the opening handshake brings missed messages with the 101', async () => {
    const sessions: WireSession[] = [];
    server = await listen({ onSession: (session) => void sessions.push(session) });
    const first = await peerOf(headed(open));
    await eventually(() => first.text().includes('"attached"'));
    first.socket.write(from);
    await eventually(() => sessions.length === 1);
    const id = /"id":"([^"]+)"/.exec(first.text())?.[1];
    first.socket.destroy();
    await eventually(() => sessions[0]?.transport === null);
    sessions[0]?.send('missed');
    const second = await peerOf(headed({ t: 'attach', id, n: 2, instance: 7, ...counts }));
    await eventually(() => second.text().includes('missed'));
    expect(second.chunks).toHaveLength(1);
  });

  it('[TR-40.4] a record in the opening handshake waits for the token check, not the 101', async () => {
    let answer: (claims: { subject: string } | null) => void = () => undefined;
    server = await listen({ authenticate: () => new Promise((resolve) => (answer = resolve)) });
    const peer = await peerOf(headed({ ...open, token: 'a token' }));
    await eventually(() => peer.text().includes('101'));
    expect(peer.text()).not.toContain('opened');
    answer({ subject: 'ada' });
    await eventually(() => peer.text().includes('"attached"'));
  });

  it('[TR-9.1] [TR-9.2] a token in the record takes precedence over the header; a wrong one is refused and the socket closed', async () => {
    const tokens: unknown[] = [];
    server = await listen({
      authenticate: ({ token }) => {
        tokens.push(token);
        return null;
      },
    });
    const peer = await peerOf(
      headed({ ...open, token: 'of the record' }).replace('Host', 'Authorization: Bearer of-the-header\r\nHost'),
    );
    await eventually(() => peer.text().includes('unauthorized'));
    expect(tokens).toEqual(['of the record']);
    await eventually(() => peer.text().endsWith('\x88\x02\x03\xe8'));
  });

  it('[TR-40.2] [TR-40.5] [SN-36.5] a record of 4,096 characters is accepted, and a longer one is ignored', async () => {
    server = await listen();
    const padded = (length: number): string => {
      const bytes = Math.floor((length * 3) / 4) - JSON.stringify({ ...open, pad: '' }).length;
      return base64url({ ...open, pad: 'x'.repeat(bytes) });
    };
    const [longest, longer] = [padded(4_096), padded(4_098)];
    expect([longest.length, longer.length]).toEqual([4_096, 4_098]);
    const taken = await peerOf(request(`everywire.2, everywire.2.head, ${longest}`));
    await eventually(() => taken.text().includes('"attached"'));
    const unsaid = await peerOf(request(`everywire.2, everywire.2.head, ${longer}`));
    await eventually(() => unsaid.text().endsWith('Sec-WebSocket-Protocol: everywire.2\r\n\r\n'));
  });

  it.each([
    ['bytes that are no base64url', 'everywire.2, everywire.2.head, ....'],
    ['garbage', 'everywire.2, everywire.2.head, garbage'],
    ['a record of another kind', `everywire.2, everywire.2.head, ${base64url({ t: 'probe', pad: 'x' })}`],
    ['12 kB', `everywire.2, everywire.2.head, ${'x'.repeat(12_000)}`],
    ['the marker alone', 'everywire.2, everywire.2.head'],
    ['the record without its marker', `everywire.2, ${base64url(open)}`],
  ])('[TR-40.5] [TR-40.6] the handshake succeeds and records follow in frames after %s', async (_name, offered) => {
    server = await listen();
    const peer = await peerOf(request(offered));
    await eventually(() => peer.text().endsWith('Sec-WebSocket-Protocol: everywire.2\r\n\r\n'));
    peer.socket.write(frame(`\0${JSON.stringify({ t: 'open', version: 2, nonce: 'one behind the head' })}`));
    await eventually(() => peer.text().includes('"opened"'));
  });

  it('[TR-17.3] an `open` after a record in the handshake ends the link', async () => {
    server = await listen();
    const peer = await peerOf(headed(open));
    await eventually(() => peer.text().includes('"attached"'));
    peer.socket.write(frame(`\0${JSON.stringify({ t: 'open', version: 2, nonce: 'another behind the head' })}`));
    await eventually(() => peer.text().includes('\x88\x02\x03\xea'));
  });

  it('[SN-20.2] [TR-40.7] nothing of the record is printed or reported, whatever happens to it', async () => {
    const printed: string[] = [];
    const write = (text: unknown): boolean => printed.push(String(text)) > 0;
    const spies = [process.stdout, process.stderr].map((stream) => vi.spyOn(stream, 'write').mockImplementation(write));
    server = await listen({
      limits: { unconfirmedMax: 1 },
      authenticate: ({ token }) => {
        if (token === 'secret-throws') throw new Error('no');
        return token === 'secret-good' ? { subject: 'ada' } : null;
      },
      onSession: () => {
        throw new Error('a bug');
      },
    });
    const attach = { t: 'attach', n: 1, instance: 7, ...counts };
    const said = [
      ...['secret-good', 'secret-bad', 'secret-throws'].map((token) => ({
        ...open,
        nonce: `one with a ${token}`,
        token,
      })),
      { ...attach, id: 'secret-id' },
      { ...attach, id: 'secret-id', ack: -1 },
      { ...open, nonce: 'one with secret-long', pad: 'x'.repeat(9000) },
    ];
    const peers = await Promise.all(said.map((record) => peerOf(headed(record))));
    await eventually(() => peers.every((peer) => peer.text().includes('101')));
    await eventually(() => peers[0]?.text().includes('"attached"'));
    const id = /"id":"([^"]+)"/.exec(peers[0]?.text() ?? '')?.[1] ?? '';
    peers[0]?.socket.write(from);
    await eventually(() => peers[0]?.text().includes('"internal"'));
    for (const spy of spies) spy.mockRestore();
    const all = printed.join('') + JSON.stringify(server.notices);
    expect(server.notices.length).toBeGreaterThan(0);
    for (const secret of ['secret', id, ...said.map((record) => base64url(record).slice(0, 40))])
      expect(all).not.toContain(secret);
  });
});
