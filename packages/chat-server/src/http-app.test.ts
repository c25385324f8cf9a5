import { type AddressInfo, connect } from 'node:net';
import { errorSentence } from '@everywire/chat';
import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { mintBearerToken } from './bearer-token.js';
import { RestRefusal } from './error-codes.js';
import { createHttpApp } from './http-app.js';
import { defaultLimits } from './limits.js';

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
    tls: null,
  });
  app.post('/api/echo', async (request) => ({ body: request.body }));
  app.get('/api/defect', async () => {
    throw new TypeError(`x is not a function, near ${token}`);
  });
  app.get('/api/busy', async () => {
    throw new RestRefusal('busy', 1_500);
  });
});
afterAll(() => app.close());

function policyFor(host: string): Promise<string> {
  return app
    .inject({ url: '/api/none', headers: { host } })
    .then(({ headers }) => String(headers['content-security-policy']));
}

test.each(['chat.example.org', 'localhost:8088', '[::1]:8088'])(
  'sessions of the page at %s are allowed by name',
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

test.each([
  ['text/plain', '{}', 400, 'invalid'],
  ['application/x-www-form-urlencoded', 'a=1', 400, 'invalid'],
  ['application/json', '{', 400, 'invalid'],
  ['application/json', '{"__proto__":{"admin":true}}', 400, 'invalid'],
  ['application/json', `"${'x'.repeat(100)}"`, 413, 'too_long'],
])('a body of %s %j is answered %i %s', async (type, payload, status, code) => {
  const answer = await app.inject({ method: 'POST', url: '/api/echo', headers: { 'content-type': type }, payload });
  expect([answer.statusCode, answer.json().code]).toEqual([status, code]);
});

test.each([
  ['a length', 'Content-Length: 8000000', (text: string) => text],
  ['chunks', 'Transfer-Encoding: chunked', (text: string) => `${text.length.toString(16)}\r\n${text}\r\n`],
])(
  '[P5] who writes a body by %s to its end before reading finds out that it was too long',
  async (_by, header, part) => {
    await app.listen({ port: 0, host: '127.0.0.1' }).catch(() => undefined);
    const { port } = app.server.address() as AddressInfo;
    const socket = connect(port, '127.0.0.1').on('error', () => undefined);
    const closed = new Promise((resolve) => socket.once('close', resolve));
    let told = '';
    socket.on('data', (chunk: Buffer) => {
      told += chunk.toString();
    });
    socket.pause();
    socket.write(`POST /api/echo HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n${header}\r\n\r\n`);
    const written = part('x'.repeat(80_000));
    for (let i = 0; i < 100; i++) await new Promise((resolve) => socket.write(written, resolve));
    socket.resume();
    await closed;
    expect(told).toMatch(/^HTTP\/1\.1 413 [\s\S]*"code":"too_long"/);
  },
);

test('a defect is answered without a word of what it was, and logged without secrets', async () => {
  const answer = await app.inject('/api/defect');
  expect([answer.statusCode, answer.json()]).toEqual([
    500,
    { code: 'internal', retryable: true, text: errorSentence('internal', 'en') },
  ]);
  const line = lines.find((text) => text.includes('x is not a function'));
  expect(line).toBe('A request failed: x is not a function, near ewt_(removed)');
});

test('a refusal that asks to come again says when', async () => {
  const answer = await app.inject('/api/busy');
  expect([answer.statusCode, answer.headers['retry-after'], answer.json().retryAfterMs]).toEqual([503, '2', 1_500]);
});
