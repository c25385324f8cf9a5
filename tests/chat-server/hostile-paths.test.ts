import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { TestPlace } from './test-place.js';

/*
 * Sends paths that no client of ours writes, byte by byte: none leads out of the page's directory, and none is an
 * internal error.
 */

const directory = mkdtempSync(join(tmpdir(), 'everywire-paths-'));
let place: TestPlace;

beforeAll(async () => {
  mkdirSync(join(directory, 'page', 'assets'), { recursive: true });
  writeFileSync(join(directory, 'page', 'index.html'), '<!doctype html><title>Everywire</title>');
  writeFileSync(join(directory, 'page', 'assets', 'main.js'), 'void 0;');
  writeFileSync(join(directory, 'secret'), 'not for others');
  place = await TestPlace.start({
    pageDirectory: join(directory, 'page'),
    filesDirectory: join(directory, 'files'),
    limits: { restRequestsPerMinute: 100_000, signInsPerMinute: 100_000 },
  });
});
afterAll(async () => {
  await place.stop();
  rmSync(directory, { recursive: true });
});

/** Returns the whole answer to a request line that is sent without normalization. */
async function ask(method: string, path: string, more = ''): Promise<string> {
  const socket = connect(Number(new URL(place.url).port), '127.0.0.1');
  socket.write(`${method} ${path} HTTP/1.1\r\nHost: h\r\nConnection: close\r\n${more}\r\n`);
  return text(socket);
}

/** Ways to write a step to the parent directory. */
const up = [
  '/..',
  '/%2e%2e',
  '/.%2e',
  '/%2E.',
  '/..%2f..',
  '/%2e%2e%2f%2e%2e',
  '/..%5c..',
  '/..\\..',
  '/%252e%252e',
  '//..',
  '/.//..',
];
/** What follows such a step. */
const ends = ['/secret', '/../secret', '/etc/passwd', '/../../../../etc/passwd', '%00', '/secret%00.js', '', '/'];
/** Other unusual paths. */
const others = [
  ...[
    '/%',
    '/%zz',
    '/%c0%ae%c0%ae/secret',
    '/%ff%fe',
    '/\\secret',
    '/C:/secret',
    '/a%00b',
    '/%0d%0aSet-Cookie:%20a=b',
    '//',
    '//secret',
    '/./',
    '/?',
    '/#',
  ],
  ...[
    '/.env',
    '/assets',
    '/assets/',
    '/assets/.',
    '/assets/..',
    '/assets/main.js/',
    '/assets/main.js/..',
    '/assets%2fmain.js',
    '/index.html/../../secret',
  ],
  ...[
    `/${'a'.repeat(10_000)}`,
    `/${'a/'.repeat(5_000)}`,
    `/${'../'.repeat(3_000)}secret`,
    `/${'%2e%2e/'.repeat(1_500)}secret`,
    `/${'%41'.repeat(3_000)}`,
  ],
];
/** Paths that the server knows, before the unusual part. */
const prefixes = [
  '',
  '/assets',
  '/api/files',
  '/api/files/avatars',
  '/api/files/uploads',
  '/api/devices',
  '/api/people',
  '/api/commands',
  '/everywire',
];
const paths = [
  ...prefixes.flatMap((prefix) => up.flatMap((way) => ends.map((end) => prefix + way + end))),
  ...prefixes.flatMap((prefix) => others.map((path) => prefix + path)),
];

test.each(['GET', 'HEAD', 'POST', 'PATCH', 'DELETE'])(
  '%s of an unknown path is a client error, and no stack is logged',
  async (method) => {
    const faults: string[] = [];
    for (const path of paths) {
      const answer = await ask(method, path, method === 'GET' || method === 'HEAD' ? '' : 'Content-Length: 0\r\n');
      const [, status = ''] = answer.split(' ');
      const leaked = answer.includes('not for others') || answer.includes('root:');
      if (leaked || !/^[234]/.test(status)) faults.push(`${path.slice(0, 80)}: ${status}`);
      const body = answer.slice(answer.indexOf('\r\n\r\n') + 4);
      if (status.startsWith('4') && /application\/json/.test(answer) && body !== '' && !/^\{"code":"/.test(body))
        faults.push(`${path.slice(0, 80)}: ${body.slice(0, 120)}`);
    }
    expect(faults).toEqual([]);
    expect(place.lines.filter((line) => /failed|Error/.test(line))).toEqual([]);
  },
  120_000,
);

test.each(['/../../etc/passwd', '/%2e%2e/%2e%2e/etc/passwd', '/../secret', '/assets/../../secret'])(
  '%s is not found',
  async (path) => {
    expect((await ask('GET', path)).split('\r\n')[0]).toBe('HTTP/1.1 404 Not Found');
  },
);

test.each([
  ['a head of 20 kB', `GET / HTTP/1.1\r\nHost: h\r\nX: ${'a'.repeat(20_000)}\r\n\r\n`, 431, 'too_long'],
  ['bytes that are no HTTP', 'HELLO\r\n\r\n', 400, 'invalid'],
  [
    'a body of two lengths',
    'POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n',
    400,
    'invalid',
  ],
])('%s is refused in the format of every refusal', async (_what, bytes, status, code) => {
  const socket = connect(Number(new URL(place.url).port), '127.0.0.1');
  socket.write(bytes);
  const answer = await text(socket);
  expect(answer).toContain(`HTTP/1.1 ${status} `);
  expect(JSON.parse(answer.slice(answer.indexOf('\r\n\r\n') + 4))).toMatchObject({ code, retryable: false });
});
