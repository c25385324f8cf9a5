import { randomUUID } from 'node:crypto';
import type { SockJsConnection } from '@everywire/gateway-sockjs';
import { afterEach, expect, it } from 'vitest';
import { eventually } from '../../server/hand-client.js';
import { SockJsServer } from './sockjs-server.js';

// Tests SockJS sessions over a series of HTTP requests.

let server: SockJsServer;
afterEach(() => server.close());

const newSession = (): string => `/echo/000/${randomUUID()}`;
const post = (path: string, body = '', headers: Record<string, string> = {}) =>
  fetch(server.url + path, { method: 'POST', body, headers });

it('a request for a session that ends during `authenticate` is answered', async () => {
  let release: (() => void) | null = null;
  const held = (): Promise<void> =>
    new Promise((resolve) => {
      release = resolve;
    });
  server = await new SockJsServer({
    authenticate: async ({ token }) => {
      if (token === 'another token') await held();
      return { subject: 'ann' };
    },
  })
    .serve('/echo', { tokenOf: ({ headers }) => headers.cookie })
    .listen();
  for (const [name, body] of [
    ['xhr', ''],
    ['xhr_send', '["x"]'],
  ] as const) {
    const session = newSession();
    const stream = server.open('POST', `${session}/xhr_streaming`, 'Cookie: a token\r\n');
    await expect.poll(() => stream.body).toMatch(/o\n$/);
    const later = post(`${session}/${name}`, body, { cookie: 'another token' });
    const goOn = await eventually(() => release);
    release = null;
    const ended = server.connections.at(-1) as SockJsConnection;
    await new Promise<void>((resolve) => {
      ended.onClose = () => resolve();
      stream.socket.destroy();
    });
    goOn();
    expect((await later).status).toBe(404);
  }
});

it.each(['xhr', 'xhr_streaming'])('a client over %s that reads everything gets 1 MiB', async (name) => {
  // Each answer ends after one frame. At most 512 KiB may wait at a time.
  server = await new SockJsServer().serve('/echo', { answerBytesMax: 1 }).listen();
  const session = newSession();
  expect(await (await post(`${session}/${name}`)).text()).toMatch(/o\n$/);
  const text = 'x'.repeat(64 << 10);
  for (let number = 0; number < 16; number++) {
    server.connections[0]?.send(text);
    expect((await (await post(`${session}/${name}`)).text()).endsWith(`a["${text}"]\n`)).toBe(true);
  }
});
