import { once } from 'node:events';
import { request, type Server } from 'node:https';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { Duplex } from 'node:stream';
import { connect as connectTls, type TLSSocket } from 'node:tls';
import { createTestAuthority, type TestAuthority } from '@everywire/testkit';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { checkTlsPair, createHttpsServer, replaceTlsPair, type TlsPair } from './https-server.js';

// Tests the HTTPS server: its certificate can be replaced while it runs.

let authority: TestAuthority;
let pairs: readonly [TlsPair, TlsPair];
const servers: Server[] = [];
const sockets: Socket[] = [];
beforeAll(() => {
  authority = createTestAuthority();
  pairs = [authority.issue(), authority.issue()];
});
afterAll(() => authority.close());
afterEach(() => {
  for (const socket of sockets.splice(0)) socket.destroy();
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

async function start(): Promise<[Server, number]> {
  const server = createHttpsServer({}, pairs[0], (message, answer) => void answer.end(`hello ${message.url}`));
  servers.push(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return [server, (server.address() as AddressInfo).port];
}

async function handshake(port: number, options: object = {}): Promise<TLSSocket> {
  const socket = connectTls({ port, host: '127.0.0.1', ca: authority.cert, servername: 'localhost', ...options });
  sockets.push(socket);
  await once(socket, 'secureConnect');
  return socket;
}

/** Returns everything received until the end. */
async function textOf(socket: Socket): Promise<string> {
  let text = '';
  for await (const piece of socket.setEncoding('utf8')) text += piece;
  return text;
}

async function get(port: number): Promise<string> {
  const sent = request({
    port,
    host: '127.0.0.1',
    path: '/x',
    ca: authority.cert,
    servername: 'localhost',
    agent: false,
  });
  sent.end();
  const [answer] = await once(sent, 'response');
  let text = '';
  for await (const piece of answer) text += piece;
  return text;
}

const serialOf = (socket: TLSSocket): string => socket.getPeerCertificate().serialNumber;

test('the HTTPS server answers requests over TLS', async () => {
  const [, port] = await start();
  expect(await get(port)).toBe('hello /x');
});

test('the HTTPS server accepts a first byte that arrives alone, with the rest later', async () => {
  const [, port] = await start();
  const plain = connect(port, '127.0.0.1');
  const slow = connectTls({ socket: dribbled(plain), servername: 'localhost', ca: authority.cert });
  sockets.push(plain, slow);
  await once(slow, 'secureConnect');
  slow.write('GET /slow HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n');
  expect(await textOf(slow)).toContain('hello /slow');
});

/** Wraps a socket to send the first byte of every write alone, and the rest later. */
function dribbled(socket: Socket): Duplex {
  socket.setNoDelay(true);
  const stream = new Duplex({
    read: () => undefined,
    write(chunk: Buffer, _encoding, done): void {
      socket.write(chunk.subarray(0, 1), () => setTimeout(() => socket.write(chunk.subarray(1), done), 5));
    },
  });
  socket.on('data', (piece) => stream.push(piece));
  return stream;
}

test.each(['GET / HTTP/1.1\r\nHost: x\r\n\r\n', 'nonsense', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'])(
  'the HTTPS server answers plain text %j with an explanation',
  async (said) => {
    const [, port] = await start();
    const socket = connect(port, '127.0.0.1');
    sockets.push(socket);
    socket.write(said);
    const text = await textOf(socket);
    expect(text).toMatch(/^HTTP\/1\.1 400 .*\r\n/);
    expect(text).toContain('This port speaks HTTPS only');
  },
);

test('the HTTPS server survives clients that leave before the first byte or the handshake', async () => {
  const [, port] = await start();
  for (const said of ['', '\x16', '\x16\x03\x01\x02\x00garbage']) {
    const socket = connect(port, '127.0.0.1');
    sockets.push(socket);
    socket.on('error', () => undefined);
    await once(socket, 'connect');
    socket.end(said);
    socket.resume();
    await once(socket, 'close');
  }
  expect(await get(port)).toBe('hello /x');
});

test('the HTTPS server speaks TLS 1.2 and 1.3, and nothing older', async () => {
  const [server, port] = await start();
  for (const again of [false, true]) {
    if (again) replaceTlsPair(server, pairs[1]);
    for (const version of ['TLSv1.2', 'TLSv1.3']) {
      const socket = await handshake(port, { minVersion: version, maxVersion: version });
      expect(socket.getProtocol()).toBe(version);
    }
    const old = { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' };
    await expect(handshake(port, old)).rejects.toThrow();
  }
});

test('replacing the certificate leaves open connections intact', async () => {
  const [server, port] = await start();
  const before = await handshake(port);
  replaceTlsPair(server, pairs[1]);
  const after = await handshake(port);
  expect(serialOf(after)).not.toBe(serialOf(before));
  before.write('GET /before HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n');
  expect(await textOf(before)).toContain('hello /before');
});

test('a key of another certificate is refused, and the current pair stays in use', async () => {
  const [server, port] = await start();
  const mixed = { cert: pairs[1].cert, key: pairs[0].key };
  expect(() => replaceTlsPair(server, mixed)).toThrow();
  expect(() => checkTlsPair(mixed)).toThrow(/key values mismatch/i);
  expect(() => checkTlsPair({ cert: 'no PEM', key: pairs[0].key })).toThrow();
  expect(serialOf(await handshake(port))).toMatch(/0?1$/);
});
