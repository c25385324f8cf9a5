import { connect as connectTls } from 'node:tls';
import { encodeFrame, OPCODE } from '@everywire/protocol/internal';
import type { WireServerOptions, WireSession } from '@everywire/server';
import { createTestAuthority, type TestAuthority } from '@everywire/testkit';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { eventually, HandClient } from './hand-client.js';
import { HandTcp, listenTcp, type TcpListening } from './hand-tcp.js';

let server: TcpListening;
const sessions: WireSession[] = [];
const clients: HandTcp[] = [];
afterEach(async () => {
  for (const { socket } of clients.splice(0)) socket.destroy();
  sessions.length = 0;
  await server.end();
});

/** Starts an echo server with a raw TCP port. */
async function start(
  options: Partial<WireServerOptions> = {},
  tls?: { readonly cert: string; readonly key: string },
): Promise<void> {
  const onSession = (session: WireSession): void => {
    sessions.push(session);
    session.onMessage = (data) => void session.send(data);
  };
  server = await listenTcp({ onSession, ...options }, tls);
}

/** Opens a connection without a session. */
function open(tls?: { readonly ca: string }): HandTcp {
  const client = new HandTcp(server.tcpPort, tls);
  clients.push(client);
  return client;
}

/** Opens a session. */
async function join(tls?: { readonly ca: string }): Promise<HandTcp> {
  const client = await HandTcp.join(server.tcpPort, tls);
  clients.push(client);
  return client;
}

describe('raw TCP: the hello', () => {
  it('[TR-44.3] [SN-16.1] the hello is answered with the supported version, and frames follow', async () => {
    await start();
    const client = await join();
    expect(client.line).toBe('everywire.2\n');
    expect(sessions[0]!.transport).toBe('tcp');
    client.send('over TCP');
    await eventually(() => client.got.length === 1);
    expect(client.got).toEqual(['over TCP']);
  });

  it('[TR-44.1] the hello may name several versions, and arrive byte by byte', async () => {
    await start();
    const client = open();
    client.socket.setNoDelay(true);
    for (const letter of 'everywire.7 everywire.2\n') {
      client.write(letter);
      await new Promise((done) => setImmediate(done));
    }
    await eventually(() => client.line === 'everywire.2\n');
  });

  it('[TR-44.5] a hello that names only other versions is answered with the supported one', async () => {
    await start();
    const client = open();
    client.write('everywire.3\n');
    await client.ended();
    expect(client.line).toBe('unsupported everywire.2\n');
  });

  it('[TR-20.1] [TR-44.6] a hello to a server that stops is refused', async () => {
    await start();
    const client = await join();
    const closing = server.wire.close({ deadlineMs: 10_000 });
    const late = open();
    late.write('everywire.2\n');
    await late.ended();
    expect(late.line).toBe('closing\n');
    client.socket.destroy();
    await closing;
  });
});

describe('raw TCP: frames', () => {
  it('[TR-41] frames over raw TCP are not masked upstream; a masked one closes with 1002', async () => {
    await start();
    const client = await join();
    client.write(Uint8Array.of(0x81, 0x80, 1, 2, 3, 4));
    await client.ended();
    expect(client.closeCode).toBe(1002);
  });

  it('[TR-41] a frame over raw TCP with a reserved bit closes with 1002', async () => {
    await start();
    const client = await join();
    client.write(Uint8Array.of(0xc1, 0x00));
    await client.ended();
    expect(client.closeCode).toBe(1002);
  });

  it('[SN-17.2] frames over raw TCP equal those of a WebSocket', async () => {
    await start();
    const web = await HandClient.join(server.port);
    const client = await join();
    for (const session of sessions) session.join('room');
    const chunks: Buffer[] = [];
    client.socket.on('data', (chunk: Buffer) => chunks.push(chunk));
    server.wire.publish('room', 'the same for both');
    await eventually(() => client.got.length === 1 && web.got.length === 1);
    expect(Buffer.concat(chunks)).toEqual(Buffer.from(encodeFrame(OPCODE.text, Buffer.from('the same for both'))));
    expect([client.got, web.got]).toEqual([['the same for both'], ['the same for both']]);
    web.socket.terminate();
  });
});

describe('raw TCP over TLS', () => {
  let authority: TestAuthority;
  beforeAll(() => {
    authority = createTestAuthority();
  });
  afterAll(() => authority.close());

  it('[TR-44.7] raw TCP over TLS carries a session', async () => {
    await start({}, authority.issue());
    const client = await join({ ca: authority.cert });
    client.send('over TLS');
    await eventually(() => client.got.length === 1);
    expect(client.line).toBe('everywire.2\n');
  });

  it('[TR-42.3] raw TCP over TLS counts the connections of an address', async () => {
    await start({ limits: { tcpPerAddressMax: 2 } }, authority.issue());
    const [first, second] = [await join({ ca: authority.cert }), await join({ ca: authority.cert })];
    const third = open({ ca: authority.cert });
    await third.ended();
    expect(server.notices.map(({ code }) => code)).toEqual(['tcp_per_address']);
    first.socket.destroy();
    await eventually(() => sessions.filter(({ transport }) => transport !== null).length === 1);
    const again = await join({ ca: authority.cert });
    again.send('again');
    await eventually(() => again.got.length === 1);
    expect(second.closed).toBe(false);
  });

  it('[TR-42.4] raw TCP over TLS counts separately from the connections that one address may have to all servers', async () => {
    await start({ limits: { connectionsPerAddressMax: 2 } }, authority.issue());
    const first = await join({ ca: authority.cert });
    const web = await HandClient.join(server.port);
    const third = open({ ca: authority.cert });
    await third.ended();
    expect(server.notices.map(({ code }) => code)).toEqual(['address_full']);
    web.socket.terminate();
    await eventually(() => sessions.filter(({ transport }) => transport !== null).length === 1);
    await join({ ca: authority.cert });
    expect(first.closed).toBe(false);
  });

  it('[TR-44.7] a TLS handshake that negotiates HTTP is refused', async () => {
    await start({}, authority.issue());
    const page = connectTls({
      port: server.tcpPort,
      host: 'localhost',
      ca: authority.cert,
      ALPNProtocols: ['h2', 'http/1.1'],
    });
    const error = await new Promise<Error>((resolve) => page.once('error', resolve));
    expect(error.message).toMatch(/no application protocol/i);
  });
});
