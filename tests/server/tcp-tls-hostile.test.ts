import { once } from 'node:events';
import type { Server as HttpServer } from 'node:http';
import { createServer as createHttpsServer, type Server as HttpsServer } from 'node:https';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { connect as connectTls, type TLSSocket } from 'node:tls';
import type { WireServerOptions } from '@everywire/server';
import { createTestAuthority, type TestAuthority } from '@everywire/testkit';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { eventually, HandClient } from './hand-client.js';
import { HandTcp, listenTcp, type TcpListening } from './hand-tcp.js';

/** The start of a TLS record that announces a ClientHello of 512 bytes. */
const HALF_HELLO = Buffer.from('160301020001000001fc0303', 'hex');

/** Issues the certificates. */
let authority: TestAuthority;
let server: TcpListening;
let secure: HttpsServer | null = null;
const sockets: Socket[] = [];
beforeAll(() => {
  authority = createTestAuthority();
});
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  await server.end();
  secure?.close();
  secure = null;
});
afterAll(() => authority.close());

/** Starts a server with a raw TCP port over TLS. */
async function start(limits: WireServerOptions['limits']): Promise<void> {
  server = await listenTcp({ ...(limits && { limits }), onRawLink: () => [] }, authority.issue());
}

/** Opens a TCP connection that leaves its TLS handshake unfinished after these bytes. */
async function unfinished(bytes: Uint8Array): Promise<Socket> {
  const socket = connect(server.tcpPort, '127.0.0.1');
  sockets.push(socket);
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  if (bytes.length > 0) socket.write(bytes);
  return socket;
}

async function join(): Promise<HandTcp> {
  const client = await HandTcp.join(server.tcpPort, { ca: authority.cert });
  sockets.push(client.socket);
  return client;
}

describe('a TLS handshake on raw TCP', () => {
  it('[W37] [TR-42] a TLS handshake that never ends is closed in time, and a session opened in the meantime stays', async () => {
    await start({ tcpUnattachedMs: 600 });
    const silent = await unfinished(Buffer.alloc(0));
    const begun = await unfinished(HALF_HELLO);
    const dripping = await unfinished(HALF_HELLO);
    const drip = setInterval(() => dripping.write('\0'), 20);
    const closed = Promise.all([silent, begun, dripping].map(closeOf));
    const honest = await join();
    await closed;
    clearInterval(drip);
    expect(honest.closed).toBe(false);
  });

  it('[W37] [TR-49] a TLS handshake that fails is closed immediately', async () => {
    await start({ tcpUnattachedMs: 60_000 });
    const failing = await unfinished(Buffer.from('GET / HTTP/1.1\r\nHost: a\r\n\r\n'));
    failing.resume();
    await closeOf(failing);
    await eventually(() => openConnections() === 0);
  });

  it('[W37] a TLS handshake that never ends does not delay the end of the server', async () => {
    await start({ tcpUnattachedMs: 60_000 });
    const begun = await unfinished(HALF_HELLO);
    await eventually(() => openConnections() === 1);
    const closed = closeOf(begun);
    await server.wire.close();
    await closed;
  });

  it('[H21] [TR-49] a TLS connection beyond the limit of all servers together is closed, and so is a request', async () => {
    await start({ connectionsMax: 2, connectionsPerAddressMax: 100 });
    const web = await HandClient.join(server.port);
    const begun = await unfinished(HALF_HELLO);
    await eventually(() => openConnections() === 1);
    await closeOf(await unfinished(HALF_HELLO));
    const asked = connect(server.port, '127.0.0.1');
    sockets.push(asked);
    asked.on('error', () => undefined);
    await closeOf(asked);
    expect(new Set(server.notices.map(({ code }) => code))).toEqual(new Set(['connections_full']));
    begun.destroy();
    await eventually(() => openConnections() === 0);
    await join();
    web.socket.terminate();
  });
});

describe('TLS that is renegotiated', () => {
  it('[W37] TLS that is renegotiated more often than Node allows is closed, on raw TCP and on a WebSocket', async () => {
    await start({});
    const client = new HandTcp(server.tcpPort, { ca: authority.cert, maxVersion: 'TLSv1.2' });
    sockets.push(client.socket);
    client.write('everywire.2\n');
    await eventually(() => client.line !== '');
    await renegotiateUntilClosed(client.socket as TLSSocket);

    secure = createHttpsServer(authority.issue());
    server.wire.attach(secure as unknown as HttpServer);
    await once(secure.listen(0, '127.0.0.1'), 'listening');
    for (const path of ['/everywire/websocket', '/everywire/raw-websocket']) {
      const { port } = secure.address() as AddressInfo;
      const link = connectTls({ port, host: 'localhost', ca: authority.cert, maxVersion: 'TLSv1.2' });
      sockets.push(link);
      link.write(upgrade(path));
      const [answer] = (await once(link, 'data')) as [Buffer];
      expect(answer.toString()).toMatch(/^HTTP\/1\.1 101 /);
      await renegotiateUntilClosed(link);
    }
  });
});

/** Renegotiates TLS until the connection is closed. Node's limit is three renegotiations in ten minutes. */
async function renegotiateUntilClosed(socket: TLSSocket): Promise<void> {
  socket.on('error', () => undefined).resume();
  const closed = closeOf(socket).then(() => 'closed' as const);
  for (let times = 0; times < 20; times++) {
    const again = new Promise<'again'>((resolve) => {
      socket.renegotiate({}, (error) => error ?? resolve('again'));
    });
    if ((await Promise.race([closed, again])) === 'closed') return;
  }
  throw new Error('It was renegotiated 20 times.');
}

/** Builds the opening handshake of a WebSocket. */
function upgrade(path: string): string {
  const fields = ['Host: localhost', 'Upgrade: websocket', 'Connection: Upgrade', 'Sec-WebSocket-Version: 13'];
  const key = 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==';
  const protocol = path.includes('raw') ? [] : ['Sec-WebSocket-Protocol: everywire.2'];
  return [`GET ${path} HTTP/1.1`, ...fields, key, ...protocol, '', ''].join('\r\n');
}

/** Resolves when the socket is closed, also after an error. */
function closeOf(socket: Socket): Promise<void> {
  return new Promise((resolve) => socket.once('close', () => resolve()));
}

/** Counts the open connections of the raw TCP port. */
function openConnections(): number {
  return (server.tcp as unknown as { readonly _connections: number })._connections;
}
