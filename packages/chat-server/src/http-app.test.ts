import { type AddressInfo, connect } from 'node:net';
import { errorSentence } from '@everywire/chat';
import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { mintBearerToken } from './bearer-token.js';
import { RestRefusal } from './error-codes.js';
import { createHttpApp } from './http-app.js';
import { defaultLimits } from './limits.js';

// Tests `createHttpApp`, the HTTP server with its security headers, errors and limits, with routes that only this test
// has.

const lines: string[] = [];
const note = (line: string): void => {
  lines.push(line);
};
const token = mintBearerToken();
let app: FastifyInstance;

beforeAll(async () => {
  const log = { debug: note, info: note, warn: note, error: note };
  app = await createHttpApp({
    limits: { ...defaultLimits, restBodyBytesMax: 100 },
    log,
    trustedProxies: [],
    lasting: { follow: () => undefined },
    tls: null,
  });
  app.post('/api/echo', async (request) => ({ body: request.body }));
  app.get('/api/defect', async () => {
    throw new TypeError(`x is not a function, near ${token}`);
  });
  app.get('/api/busy', async () => {
    throw new RestRefusal('busy', 1_500);
  });
  app.get<{ Params: { code: string } }>('/api/file/:code', async ({ params }, reply) => {
    reply.type('image/png');
    throw Object.assign(new Error('too many open files'), { code: params.code });
  });
  app.get('/api/signed-out', async () => {
    throw new RestRefusal('unauthenticated');
  });
  await app.listen({ port: 0, host: '127.0.0.1' });
});
afterAll(() => app.close());

/** Returns the Content-Security-Policy for a request to this host. */
function policyFor(host: string): Promise<string> {
  return app
    .inject({ url: '/api/none', headers: { host } })
    .then(({ headers }) => String(headers['content-security-policy']));
}

test.each(['chat.example.org', 'localhost:8088', '[::1]:8088'])(
  'the policy allows session connections to the host %s of the page',
  async (host) => {
    expect(await policyFor(host)).toContain(`connect-src 'self' ws://${host} wss://${host};`);
  },
);

test.each(['evil; script-src *', 'a b', "x' 'unsafe-inline'", '*', 'a,b'])(
  'a Host header %j adds nothing to the policy',
  async (host) => {
    const policy = await policyFor(host);
    expect(policy).toContain("connect-src 'self' 'self';");
    expect(policy).toContain("script-src 'self';");
    expect(policy).not.toContain(host);
  },
);

test.each(['/%ff', '/api/%ff'])('%s, which cannot be decoded, is answered with the usual headers', async (url) => {
  const { port } = app.server.address() as AddressInfo;
  const answer = await fetch(`http://127.0.0.1:${port}${url}`);
  const other = await fetch(`http://127.0.0.1:${port}/api/none`);
  expect(answer.status).toBe(400);
  const names = ['content-security-policy', 'x-content-type-options', 'x-frame-options', 'referrer-policy'];
  for (const name of [...names, 'cache-control'])
    expect([name, answer.headers.get(name)]).toEqual([name, other.headers.get(name)]);
});

test('a not_found answer is not cached in any part of the site', async () => {
  for (const url of ['/none', '/assets/none.js', '/api/none'])
    expect((await app.inject({ url })).headers).toMatchObject({ 'cache-control': 'no-store' });
});

test.each(['EMFILE', 'ENFILE'])('a file that cannot be opened for %s is answered busy and retryable', async (code) => {
  const answer = await app.inject({ url: `/api/file/${code}` });
  expect([answer.statusCode, answer.json()]).toMatchObject([503, { code: 'busy', retryable: true }]);
  expect(answer.headers['content-type']).toMatch(/^application\/json/);
});

test('only an answer to a missing or invalid token names the authentication scheme', async () => {
  const signedOut = await app.inject({ url: '/api/signed-out' });
  expect([signedOut.statusCode, signedOut.headers['www-authenticate']]).toEqual([401, 'Bearer']);
  for (const url of ['/api/busy', '/api/none', '/api/defect'])
    expect((await app.inject({ url })).headers).not.toHaveProperty('www-authenticate');
});

test.each([
  ['text/plain', '{}', 400, 'invalid'],
  ['application/x-www-form-urlencoded', 'a=1', 400, 'invalid'],
  ['application/json', '{', 400, 'invalid'],
  ['application/json', '{"__proto__":{"admin":true}}', 400, 'invalid'],
  ['application/json', `"${'x'.repeat(100)}"`, 413, 'too_long'],
])('a body of %s %j is answered %i %s', async (type, payload, status, code) => {
  // Over a real connection, because a connection with an oversized body is closed afterwards.
  const { port } = app.server.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}/api/echo`;
  const answer = await fetch(url, { method: 'POST', headers: { 'content-type': type }, body: payload });
  const { code: bodyCode } = (await answer.json()) as { readonly code: string };
  expect([answer.status, bodyCode]).toEqual([status, code]);
});

test.each([
  ['a length', 'Content-Length: 6000000', (text: string) => text],
  ['chunks', 'Transfer-Encoding: chunked', (text: string) => `${text.length.toString(16)}\r\n${text}\r\n`],
])(
  '[P5] a client that writes an oversized body by %s to its end before reading still receives the refusal',
  async (_by, header, part) => {
    const { port } = app.server.address() as AddressInfo;
    const socket = connect(port, '127.0.0.1').on('error', () => undefined);
    const closed = new Promise((resolve) => socket.once('close', resolve));
    let received = '';
    socket.on('data', (chunk: Buffer) => {
      received += chunk.toString();
    });
    socket.pause();
    socket.write(`POST /api/echo HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n${header}\r\n\r\n`);
    // More than the buffers of both sockets hold (4 MB), in one write: a busy machine must not outlast the linger time.
    await new Promise((resolve) => socket.write(part('x'.repeat(80_000)).repeat(75), resolve));
    socket.resume();
    await closed;
    expect(received).toMatch(/^HTTP\/1\.1 413 [\s\S]*"code":"too_long"/);
  },
);

test('a defect is answered without details and logged without secrets', async () => {
  const answer = await app.inject('/api/defect');
  expect([answer.statusCode, answer.json()]).toEqual([
    500,
    { code: 'internal', retryable: true, text: errorSentence('internal', 'en') },
  ]);
  const line = lines.find((text) => text.includes('x is not a function'));
  expect(line).toBe('A request failed: x is not a function, near ewt_(removed)');
});

test('a refusal that permits a retry says when', async () => {
  const answer = await app.inject('/api/busy');
  expect([answer.statusCode, answer.headers['retry-after'], answer.json().retryAfterMs]).toEqual([503, '2', 1_500]);
});

test('behind a proxy that appends to the header, a client can forge neither the logged address nor the one it is limited by', async () => {
  const seen: string[] = [];
  const keep = (line: string): void => void seen.push(line);
  const proxied = await createHttpApp({
    limits: { ...defaultLimits, restRequestsPerMinute: 2 },
    log: { debug: keep, info: keep, warn: keep, error: keep },
    trustedProxies: ['127.0.0.1'],
    lasting: { follow: () => undefined },
    tls: null,
  });
  proxied.get('/api/here', { config: { rateLimit: {} } }, async () => ({}));
  const from = async (received: string): Promise<number> =>
    (await proxied.inject({ url: '/api/here', headers: { 'x-forwarded-for': received } })).statusCode;
  expect([await from('of my choice'), await from('1.2.3.4.5'), await from('another')]).toEqual([200, 200, 429]);
  expect([await from('spoofed, 203.0.113.7'), await from('203.0.113.8')]).toEqual([200, 200]);
  await proxied.close();
  const log = seen.join('\n');
  expect(log).not.toMatch(/choice|1\.2\.3\.4\.5|another|spoofed/);
  expect(log).toMatch(/127\.0\.0\.1.*\n.*127\.0\.0\.1.*\n.*127\.0\.0\.1.*\n.*203\.0\.113\.7/);
});

test('a request with two Host headers is refused and its connection closed', async () => {
  const { port } = app.server.address() as AddressInfo;
  const socket = connect(port, '127.0.0.1');
  let answer = '';
  socket.setEncoding('utf8').on('data', (part: string) => {
    answer += part;
  });
  socket.write('GET /api/none HTTP/1.1\r\nHost: a.example.org\r\nhost: b.example.org\r\n\r\n');
  await new Promise((resolve) => socket.on('close', resolve));
  expect(answer).toMatch(/^HTTP\/1\.1 400 /);
  expect(answer).toContain('"code":"invalid"');
});

test('[CM-2.6] a JSON body that nests deeper than any request is refused unparsed', async () => {
  const { port } = app.server.address() as AddressInfo;
  const post = (body: string) =>
    fetch(`http://127.0.0.1:${port}/api/echo`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
    });
  const answers = [await post('['.repeat(40) + ']'.repeat(40)), await post('{"text":"[[[[[[[[[[[[[[[[[[[[{{{{{{{"}')];
  expect(answers.map(({ status }) => status)).toEqual([400, 200]);
  expect(await answers[0]?.json()).toMatchObject({ code: 'invalid', retryable: false });
});
