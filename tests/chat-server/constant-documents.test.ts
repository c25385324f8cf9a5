import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TestPlace } from './test-place.js';

// Documents that do not change while the server runs, such as the description of the REST interface.

let place: TestPlace;
beforeAll(async () => {
  place = await TestPlace.start();
});
afterAll(() => place.stop());

/** An answer with its raw bytes. */
interface RawAnswer {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
}

/** Returns the raw bytes; `fetch` would decompress them. */
async function ask(path: string, headers: Record<string, string> = {}): Promise<RawAnswer> {
  const sent = request(place.url + path, { headers }).end();
  const [answer] = (await once(sent, 'response')) as [IncomingMessage];
  return { status: answer.statusCode ?? 0, headers: answer.headers, body: await buffer(answer) };
}

describe.each([
  ['/api/openapi.json', 'application/json; charset=utf-8'],
  ['/api/docs', 'text/html; charset=utf-8'],
  ['/api/docs.css', 'text/css; charset=utf-8'],
])('%s', (path, type) => {
  it('the document is compressed for a client that accepts gzip or Brotli, and the same for others', async () => {
    const plain = await ask(path);
    const refused = await ask(path, { 'accept-encoding': 'gzip;q=0, deflate' });
    const gzipped = await ask(path, { 'accept-encoding': 'deflate, gzip;q=0.5' });
    const brotli = await ask(path, { 'accept-encoding': 'gzip, deflate, br' });
    for (const { status, headers } of [plain, refused, gzipped, brotli]) {
      expect(status).toBe(200);
      expect(headers).toMatchObject({
        'content-type': type,
        'cache-control': 'no-cache',
        vary: 'Origin, Accept-Encoding',
      });
      expect(headers.etag).toBe(plain.headers.etag);
    }
    expect([plain, refused, gzipped, brotli].map(({ headers }) => headers['content-encoding'])).toEqual([
      undefined,
      undefined,
      'gzip',
      'br',
    ]);
    expect(refused.body.equals(plain.body)).toBe(true);
    expect(gunzipSync(gzipped.body).equals(plain.body)).toBe(true);
    expect(brotliDecompressSync(brotli.body).equals(plain.body)).toBe(true);
  });

  it('the document is not sent again to a client that names its tag', async () => {
    const { etag = '' } = (await ask(path)).headers;
    for (const condition of [etag, `"other", ${etag.slice(2)}`, '*']) {
      const { status, headers, body } = await ask(path, { 'if-none-match': condition });
      expect([status, headers.etag, body.length]).toEqual([304, etag, 0]);
    }
    expect((await ask(path, { 'if-none-match': '"other"' })).status).toBe(200);
  });
});
