import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { TransportName } from '@everywire/client';
import { createTestAuthority, type TestAuthority } from '@everywire/testkit';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { TestPlace } from './test-place.js';

let authority: TestAuthority;
beforeAll(() => {
  authority = createTestAuthority();
});
afterAll(() => authority.close());

// A client between two polls cannot be notified; it learns of the stop with its next poll.
test.each<TransportName>(['websocket', 'event-stream', 'fetch-stream'])(
  '[SN-4.6] a server that stops delivers its answers and ends the session cleanly over %s',
  async (transport) => {
    const place = await TestPlace.start();
    const session = await place.connect(await place.register('ada'), transport);
    const { conversation } = await session.ok({ command: 'createGroup', name: 'Reading', users: [] });
    const sending = session.code({ command: 'send', conversation, text: 'on the way' });
    await session.settle();
    const stopping = place.server.close({ deadlineMs: 4_000 });
    expect(await sending).toBe('ok');
    expect(await session.closed).toBe('shutdown');
    await stopping;
    await place.stop();
  },
);

test('a server that stops reports it to load balancers and opens no session', async () => {
  const place = await TestPlace.start();
  const ada = await place.register('ada');
  const session = await place.connect(ada);
  const stopping = place.server.close({ deadlineMs: 4_000 });
  const ready = await place.rest('GET', '/readyz');
  expect([ready.status, await ready.json()]).toEqual([503, { status: 'not ready', code: 'stopping' }]);
  expect(await session.closed).toBe('shutdown');
  await stopping;
  await expect(place.rest('GET', '/healthz')).rejects.toThrow();
  await place.stop();
});

test('a server that stops does not wait for idle connections, such as those browsers open in advance', async () => {
  const place = await TestPlace.start();
  const { hostname, port } = new URL(place.url);
  const accepted = new Promise((resolve) => place.server.http.once('connection', resolve));
  const socket = connect(Number(port), hostname);
  await accepted;
  // Stopped timers: the deadline for requests in flight never passes.
  vi.useFakeTimers({ toFake: ['setTimeout'] });
  try {
    await place.server.close({ deadlineMs: 100 });
  } finally {
    vi.useRealTimers();
  }
  socket.destroy();
  await place.stop();
});

/** The type, version and length of a TLS record, and the first bytes of its ClientHello (RFC 8446 §4.1.2). */
const halfHello = '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03';

test.each([
  ['nothing', ''],
  ['half a ClientHello', halfHello],
])('a server that stops does not wait for a TLS connection that has sent %s', async (_name, sent) => {
  const place = await TestPlace.start({ tls: authority.issue() });
  const { hostname, port } = new URL(place.url);
  const accepted = once(place.server.http, 'connection');
  const socket = connect(Number(port), hostname);
  socket.write(sent, 'latin1');
  const [connection] = (await accepted) as [Socket];
  await expect.poll(() => connection.bytesRead).toBe(sent.length);
  // Sooner than the 10 s after which a connection without a handshake is closed.
  const cut = once(socket, 'close', { signal: AbortSignal.timeout(8_000) });
  const stopping = place.server.close({ deadlineMs: 100 });
  await cut;
  await stopping;
  await place.stop();
});

test.each(['http', 'https'])('a server that stops lets a request in flight finish over %s', async (scheme) => {
  const place = await TestPlace.start(scheme === 'https' ? { tls: authority.issue() } : {});
  const { hostname, port } = new URL(place.url);
  const at = { port: Number(port), host: hostname };
  const socket = scheme === 'https' ? connectTls({ ...at, ca: authority.cert }) : connect(at);
  const answer = new Promise<string>((resolve) => {
    let text = '';
    socket.on('data', (chunk: Buffer) => {
      text += chunk.toString();
    });
    socket.on('close', () => resolve(text));
  });
  const body = JSON.stringify({ name: 'ada', password: 'correct horse' });
  const head = [
    'POST /api/register HTTP/1.1',
    'Host: x',
    'Content-Type: application/json',
    `Content-Length: ${body.length}`,
  ];
  socket.write(`${head.join('\r\n')}\r\n\r\n${body.slice(0, 5)}`);
  await once(place.server.http, 'request');
  const stopping = place.server.close({ deadlineMs: 100 });
  socket.write(body.slice(5));
  expect(await answer).toMatch(/^HTTP\/1\.1 201 [\s\S]*^connection: close\r$[\s\S]*ewt_/im);
  await stopping;
  await place.stop();
});
