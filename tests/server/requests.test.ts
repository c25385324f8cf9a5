import { once } from 'node:events';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { type Listening, listen, post } from './hand-client.js';

let server: Listening;
afterEach(() => server.end());

const NAMES = ['event-stream', 'fetch-stream', 'long-poll'];

describe('origins, methods and bodies of requests', () => {
  it('an allowed origin is named on every answer, and no other', async () => {
    server = await listen({ origins: ['https://app.example.org'] });
    const body = { t: 'open', version: 2, nonce: 'one of a test, once' };
    const allowed = await post(`${server.base}/open`, body, { origin: 'https://app.example.org' });
    expect(allowed.headers.get('access-control-allow-origin')).toBe('https://app.example.org');
    expect(allowed.headers.get('vary')).toBe('Origin');
    expect(allowed.headers.get('access-control-allow-credentials')).toBeNull();
    const own = await post(`${server.base}/open`, body, { origin: `http://127.0.0.1:${server.port}` });
    expect([own.status, own.headers.get('access-control-allow-origin')]).toEqual([200, null]);
  });

  it.each(['https://evil.example', 'null', 'https://app.example.org.evil.example'])(
    '[P11] %s is refused on every endpoint, with one notice that names the setting',
    async (origin) => {
      server = await listen({ origins: ['https://app.example.org'] });
      for (const name of ['open', 'up', 'ticket', ...NAMES, 'nothing']) {
        const answer = await post(
          `${server.base}/${name}`,
          { t: 'open', version: 2, nonce: 'one of a test, once' },
          { origin },
        );
        expect(answer.status).toBe(403);
        expect(answer.headers.get('access-control-allow-origin')).toBeNull();
      }
      expect(server.notices).toHaveLength(1);
      expect(server.notices[0]).toMatchObject({
        code: 'origin_refused',
        text: expect.stringContaining(
          origin === 'null' ? '"origins" cannot name it' : 'name it in the setting "origins"',
        ),
      });
    },
  );

  it('a preflight is answered with two methods and two headers, whatever it requests', async () => {
    server = await listen({ origins: ['https://app.example.org'] });
    const answer = await fetch(`${server.base}/up`, {
      method: 'OPTIONS',
      headers: {
        origin: 'https://app.example.org',
        'access-control-request-method': 'DELETE',
        'access-control-request-headers': 'x-'.repeat(2_000),
      },
    });
    expect(answer.status).toBe(204);
    expect(answer.headers.get('access-control-allow-methods')).toBe('GET, POST');
    expect(answer.headers.get('access-control-allow-headers')).toBe('content-type, authorization');
  });

  it('other methods, other paths and plain GETs of the socket are answered with an explanation', async () => {
    server = await listen();
    const get = await fetch(`${server.base}/up`);
    expect([get.status, get.headers.get('allow'), ((await get.json()) as { code: string }).code]).toEqual([
      405,
      'POST',
      'method_not_allowed',
    ]);
    expect((await fetch(`${server.base}/nothing`)).status).toBe(404);
    expect((await fetch(server.base)).status).toBe(404);
    expect((await fetch(`${server.base}/websocket`)).status).toBe(426);
  });

  it('a body is refused for its declared or real length, its coding and its slowness', async () => {
    server = await listen({ limits: { bodyTimeoutMs: 1_500, bodyBytesMax: 100_000 } });
    expect((await post(`${server.base}/up`, { t: 'x'.repeat(100_001) })).status).toBe(413);
    expect((await post(`${server.base}/ticket`, { t: 'x'.repeat(140_000) })).status).toBe(413);
    expect((await post(`${server.base}/up`, { t: 'body' }, { 'content-encoding': 'gzip' })).status).toBe(415);
    const chunked = httpRequest(`${server.base}/up`, { method: 'POST' });
    chunked.on('error', () => undefined);
    chunked.write('{"t":"');
    const [slow] = (await once(chunked, 'response')) as [IncomingMessage];
    expect(slow.statusCode).toBe(408);
    const endless = httpRequest(`${server.base}/up`, { method: 'POST' });
    endless.on('error', () => undefined);
    endless.write('x'.repeat(100_001));
    const [long] = (await once(endless, 'response')) as [IncomingMessage];
    expect(long.statusCode).toBe(413);
    for (const response of [slow, long]) response.resume();
  });
});
