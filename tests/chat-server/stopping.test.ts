import { connect } from 'node:net';
import type { TransportName } from '@everywire/client';
import { expect, test, vi } from 'vitest';
import { TestPlace } from './test-place.js';

// A client between two polls cannot be told; it hears it when it comes again.
test.each<TransportName>(['websocket', 'event-stream', 'fetch-stream'])(
  '[SN-4.6] a server that stops delivers what it has answered and ends the session cleanly over %s',
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

test('a server that stops says so to load balancers, and opens no session', async () => {
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

test('a server that stops does not wait for connections that have asked nothing, as browsers open them in advance', async () => {
  const place = await TestPlace.start();
  const { hostname, port } = new URL(place.url);
  const accepted = new Promise((resolve) => place.server.http.once('connection', resolve));
  const socket = connect(Number(port), hostname);
  await accepted;
  // The moment that requests under way get never passes.
  vi.useFakeTimers({ toFake: ['setTimeout'] });
  try {
    await place.server.close({ deadlineMs: 100 });
  } finally {
    vi.useRealTimers();
  }
  socket.destroy();
  await place.stop();
});

test('a server that stops lets a request under way finish', async () => {
  const place = await TestPlace.start();
  await place.register('ada');
  const body = JSON.stringify({ name: 'ada', password: 'correct horse' });
  const { hostname, port } = new URL(place.url);
  const socket = connect(Number(port), hostname);
  const answer = new Promise<string>((resolve) => {
    let text = '';
    socket.on('data', (chunk: Buffer) => {
      text += chunk.toString();
    });
    socket.on('close', () => resolve(text));
  });
  const head = [
    'POST /api/login HTTP/1.1',
    'Host: x',
    'Content-Type: application/json',
    `Content-Length: ${body.length}`,
  ];
  socket.write(`${head.join('\r\n')}\r\n\r\n${body.slice(0, 5)}`);
  await new Promise((resolve) => place.server.http.once('request', resolve));
  const stopping = place.server.close({ deadlineMs: 100 });
  socket.write(body.slice(5));
  expect(await answer).toMatch(/^HTTP\/1\.1 200 [\s\S]*^connection: close\r$[\s\S]*ewt_/im);
  await stopping;
  await place.stop();
});
