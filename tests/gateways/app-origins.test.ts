import { createSocketIoGateway } from '@everywire/gateway-socketio';
import { createSockJsGateway } from '@everywire/gateway-sockjs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { type Listening, listen } from '../server/hand-client.js';

// Tests that a page of an app, whose origin is `capacitor://localhost` or the like, can connect at each way into a
// server if its origin is named.

const ORIGIN = 'capacitor://localhost';
let server: Listening;
let base = '';

beforeAll(async () => {
  server = await listen({ origins: [ORIGIN], onSession: () => undefined, onRawLink: ({ topics }) => topics });
  createSockJsGateway(server.wire, { path: '/sockjs', onConnection: () => undefined });
  createSocketIoGateway(server.wire);
  base = `http://127.0.0.1:${server.port}`;
});
afterAll(() => server.end());

const open = JSON.stringify({ t: 'open', version: 2, nonce: '4fbd5a2e-37a5-4d2c-9a5e-6f6b8c0d1e2f' });

it.each([
  ['open', 'POST', '/everywire/open', open],
  ['a preflight', 'OPTIONS', '/everywire/open'],
  ['a raw event stream', 'GET', '/everywire/raw-event-stream?topic=a'],
  ['info of SockJS', 'GET', '/sockjs/info'],
  ['a stream of SockJS', 'POST', '/sockjs/0/a/xhr_streaming'],
  ['a poll of Socket.IO', 'GET', '/socket.io/?EIO=4&transport=polling'],
])(
  'an answer to %s names the origin of the app, and another app gets 403',
  async (_name, method, path, body?: string) => {
    const abort = new AbortController();
    const ask = (origin: string): Promise<Response> =>
      fetch(base + path, { method, headers: { origin }, signal: abort.signal, ...(body !== undefined && { body }) });
    const { ok, headers } = await ask(ORIGIN);
    expect([ok, headers.get('access-control-allow-origin')]).toEqual([true, ORIGIN]);
    expect((await ask('capacitor://other')).status).toBe(403);
    abort.abort();
  },
);

it.each([
  ['a session', '/everywire/websocket', ['everywire.2']],
  ['a raw link', '/everywire/raw-websocket?topic=a', []],
  ['SockJS', '/sockjs/0/b/websocket', []],
  ['Socket.IO', '/socket.io/?EIO=4&transport=websocket', []],
])('a WebSocket of %s accepts the origin of the app, and another app gets 403', async (_name, path, protocols) => {
  const statusFor = (origin: string): Promise<number | undefined> =>
    new Promise((resolve, reject) => {
      const socket = new WebSocket(base.replace('http', 'ws') + path, protocols, { origin });
      socket.on('upgrade', ({ statusCode }) => resolve(statusCode));
      socket.on('unexpected-response', (_request, { statusCode }) => resolve(statusCode));
      socket.on('open', () => socket.terminate());
      socket.on('error', reject);
    });
  expect(await statusFor(ORIGIN)).toBe(101);
  expect(await statusFor('capacitor://other')).toBe(403);
});
