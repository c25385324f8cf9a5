import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import fastify from 'fastify';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { addPageRoutes } from './page-routes.js';

const directory = mkdtempSync(join(tmpdir(), 'everywire-page-'));
const app = fastify();
const longScript = `// ${'long '.repeat(100)}`;
const encoded = { br: brotliCompressSync(longScript), gzip: gzipSync(longScript) };

beforeAll(async () => {
  mkdirSync(join(directory, 'assets'));
  writeFileSync(join(directory, 'index.html'), '<!doctype html><title>Everywire</title>');
  writeFileSync(join(directory, 'assets', 'main-1a2b3c.js'), 'void 0;');
  writeFileSync(join(directory, 'assets', 'long-1a2b3c.js'), longScript);
  writeFileSync(join(directory, 'assets', 'long-1a2b3c.js.br'), encoded.br);
  writeFileSync(join(directory, 'assets', 'long-1a2b3c.js.gz'), encoded.gzip);
  writeFileSync(`${directory}-secret`, 'not for others');
  expect(await addPageRoutes(app, directory)).toBe(true);
});

afterAll(async () => {
  await app.close();
  rmSync(directory, { recursive: true });
  rmSync(`${directory}-secret`);
});

test('the page is revalidated each time, and a file with a hash in its name is cached for a year', async () => {
  const page = await app.inject('/');
  expect([page.statusCode, page.headers['content-type'], page.headers['cache-control']]).toEqual([
    200,
    'text/html; charset=utf-8',
    'no-cache',
  ]);
  const script = await app.inject('/assets/main-1a2b3c.js');
  expect(script.headers['cache-control']).toBe('public, max-age=31536000, immutable');
});

test.each([
  '/../secret',
  '/..%2f..%2fetc/passwd',
  '/assets/../../etc/passwd',
  '/%2e%2e/etc/passwd',
  '/assets/%00',
  `/..%5csecret`,
  '/.env',
])('the path %s reaches no file', async (path) => {
  const answer = await app.inject(path);
  expect(answer.statusCode).toBeGreaterThanOrEqual(400);
  expect(answer.body).not.toContain('not for others');
  expect(answer.body).not.toContain('root:');
});

test('without a built page the server says how to build it', async () => {
  const bare = fastify();
  expect(await addPageRoutes(bare, join(directory, 'none'))).toBe(false);
  const answer = await bare.inject('/');
  expect([answer.statusCode, answer.body]).toEqual([
    503,
    'The server runs, but the page is not built. Run: npm run build\n',
  ]);
  await bare.close();
});

/** Returns an answer of the page with a script that was compressed as by the build. */
function askLong(headers: Record<string, string>, method: 'GET' | 'HEAD' = 'GET') {
  return app.inject({ method, url: '/assets/long-1a2b3c.js', headers });
}

test.each([
  ['gzip, deflate, br, zstd', 'br'],
  ['gzip', 'gzip'],
  ['br;q=0, *', 'gzip'],
  ['gzip;q=0, *', 'br'],
] as const)('a compressed file is sent to a client that accepts %s', async (accepted, coding) => {
  const answer = await askLong({ 'accept-encoding': accepted });
  expect(answer.rawPayload.equals(encoded[coding])).toBe(true);
  expect(answer.headers).toMatchObject({
    'content-encoding': coding,
    'content-length': String(encoded[coding].length),
    'content-type': 'application/javascript; charset=utf-8',
    'cache-control': 'public, max-age=31536000, immutable',
    vary: 'accept-encoding',
  });
  const head = await askLong({ 'accept-encoding': accepted }, 'HEAD');
  expect([head.headers, head.body]).toEqual([answer.headers, '']);
});

test.each([{}, { 'accept-encoding': 'identity' }, { 'accept-encoding': 'gzip;q=0' }, { 'accept-encoding': '*;q=0' }])(
  'a plain file is sent to a client with the headers %j',
  async (headers) => {
    const answer = await askLong(headers);
    expect([answer.body, answer.headers['content-encoding'], answer.headers.vary]).toEqual([
      longScript,
      undefined,
      'accept-encoding',
    ]);
  },
);

test('a file that the build left alone is sent plain, with the same Vary', async () => {
  const { body, headers } = await app.inject({
    url: '/assets/main-1a2b3c.js',
    headers: { 'accept-encoding': 'br, gzip' },
  });
  expect([body, headers['content-encoding'], headers.vary]).toEqual(['void 0;', undefined, 'accept-encoding']);
});

test('a page of the same size and time as that of the release before is sent, and not 304', async () => {
  const { headers } = await app.inject('/index.html');
  expect([headers['cache-control'], headers.etag, headers['last-modified']]).toEqual([
    'no-cache',
    undefined,
    undefined,
  ]);
  const conditions = [{ 'if-none-match': 'W/"334-1b0"' }, { 'if-modified-since': new Date().toUTCString() }];
  const answers = await Promise.all(
    conditions.map((condition) => app.inject({ url: '/index.html', headers: condition })),
  );
  expect(answers.map(({ statusCode }) => statusCode)).toEqual([200, 200]);
});

test('a range counts the bytes of the coding that is sent', async () => {
  const part = await askLong({ 'accept-encoding': 'gzip', range: 'bytes=2-9' });
  expect([part.statusCode, part.headers['content-encoding'], part.headers['content-range']]).toEqual([
    206,
    'gzip',
    `bytes 2-9/${encoded.gzip.length}`,
  ]);
  expect(part.rawPayload.equals(encoded.gzip.subarray(2, 10))).toBe(true);
});
