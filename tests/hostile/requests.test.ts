import { describe, expect } from 'vitest';
import { eventually } from '../server/hand-client.js';
import { hostileRow } from './hostile-row.js';
import { Peer } from './peer.js';
import type { Target } from './target.js';

const POST = 'POST /everywire/up HTTP/1.1\r\nHost: x\r\n';
const GET = 'GET /everywire/up HTTP/1.1\r\n';

/** Returns the whole answer of the server, which closes the connection afterwards. */
async function answer(port: number, text: string | Uint8Array): Promise<string> {
  const peer = new Peer(port);
  peer.write(typeof text === 'string' ? Buffer.from(text, 'latin1') : text);
  const received = await peer.closed();
  expect(received).toMatch(/^Connection: close\r?$/im);
  return received;
}

const statusOf = (received: string): string => /^HTTP\/1\.1 (\d{3}) /.exec(received)?.[1] ?? received;

/** Checks that each request is answered with that status, and that nothing behind it is read as another request. */
function answers(status: number, ...requests: readonly string[]): (target: Target) => Promise<void> {
  return async ({ port }) => {
    for (const request of requests) {
      const received = await answer(port, request);
      expect([request.slice(0, 120), statusOf(received)]).toEqual([request.slice(0, 120), String(status)]);
      expect(received.match(/HTTP\/1\.1 \d/g)).toHaveLength(1);
    }
  };
}

/** A second request after the first, which must not be executed. */
const SMUGGLED = '0\r\n\r\nGET /everywire/smuggled HTTP/1.1\r\nHost: x\r\n\r\n';

describe('a request whose end can be read in two ways', () => {
  hostileRow(
    '[H1] a request with a length and chunks is refused',
    {},
    answers(400, `${POST}Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n${SMUGGLED}`),
  );

  const lengths = ['+5', '-1', '0x5', '5,5', '5, 5', '18446744073709551616', '5 5', '', 'five', '5;x'];
  hostileRow(
    '[H2] a request with two lengths, or an invalid one, is refused',
    {},
    answers(
      400,
      `${POST}Content-Length: 5\r\nContent-Length: 5\r\n\r\n${SMUGGLED}`,
      `${POST}Content-Length: 5\r\nContent-Length: 6\r\n\r\n${SMUGGLED}`,
      ...lengths.map((length) => `${POST}Content-Length: ${length}\r\n\r\n${SMUGGLED}`),
    ),
  );

  const codings = [
    'chunked, gzip',
    'xchunked',
    'chunked, chunked',
    'gzip, chunked',
    'identity',
    'chunked;q=1',
    '"chunked"',
  ];
  hostileRow(
    '[H3] a request with invalid transfer codings is refused',
    { notice: 'transfer_encoding' },
    answers(
      400,
      ...codings.map((coding) => `${POST}Transfer-Encoding: ${coding}\r\n\r\n${SMUGGLED}`),
      `${POST}Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n${SMUGGLED}`,
      `${POST}Transfer-Encoding : chunked\r\n\r\n${SMUGGLED}`,
      `${POST.replace('1.1', '1.0')}Transfer-Encoding: chunked\r\n\r\n${SMUGGLED}`,
    ),
  );

  hostileRow(
    '[H5] a request with invalid line ends and header names is refused',
    {},
    answers(
      400,
      'GET /everywire/up HTTP/1.1\nHost: x\n\n',
      `${GET}Host: x\nX-A: b\r\n\r\n`,
      `${GET}Host: x\rX-A: b\r\n\r\n`,
      `${GET}Host: x\r\nX-A: b\r\n folded\r\n\r\n`,
      `${GET}Host: x\r\n\rX: y\r\n\r\n`,
      `${GET}Host: x\r\nX-A: a\0b\r\n\r\n`,
      `${GET}Host: x\r\nX A: b\r\n\r\n`,
      `${GET}Host: x\r\n: b\r\n\r\n`,
      'GET /everywire/up HTTP/1.1 x\r\nHost: x\r\n\r\n',
    ),
  );

  hostileRow(
    '[H6] a request without a host, or with two, is refused',
    { notice: 'host_repeated' },
    answers(400, `${GET}\r\n`, `${GET}Host: x\r\nHost: evil\r\n\r\n`, `${GET}Host: x\r\nhost: x\r\n\r\n`),
  );
});

describe('a head', () => {
  hostileRow('[H7] a head that is too large is refused', { notice: 'url_too_long' }, async (target) => {
    await answers(
      431,
      `${GET}Host: x\r\nX-A: ${'a'.repeat(64 << 10)}\r\n\r\n`,
      `GET /${'a'.repeat(64 << 10)} HTTP/1.1\r\nHost: x\r\n\r\n`,
    )(target);
    await answers(431, `${GET}Host: x\r\n${'a: b\r\n'.repeat(2_000)}\r\n`)(target);
    await answers(414, `GET /everywire/event-stream?ticket=${'a'.repeat(9_000)} HTTP/1.1\r\nHost: x\r\n\r\n`)(target);
  });

  hostileRow(
    '[H8] a head with header names such as __proto__ is handled like any other',
    { notice: 'method_not_allowed' },
    answers(
      405,
      ...['__proto__', 'constructor', 'hasOwnProperty', 'toString'].map(
        (name) => `PUT /everywire/up HTTP/1.1\r\nHost: x\r\n${name}: x\r\n\r\n`,
      ),
    ),
  );

  // A fiftieth of 4,000.
  hostileRow(
    '[H9] a head that drips in has a time limit',
    { limits: { headersTimeoutMs: 1_000 }, notice: 'head_timeout' },
    async ({ port }) => {
      const peers = Array.from({ length: 80 }, () => new Peer(port));
      for (const peer of peers) peer.write(GET);
      const drip = setInterval(() => {
        for (const peer of peers) if (!peer.ended) peer.write('X');
      }, 100);
      for (const peer of peers) expect(statusOf(await peer.closed())).toBe('408');
      clearInterval(drip);
    },
  );

  const few = { limits: { silentPerAddressMax: 30, headersTimeoutMs: 60_000 } };
  hostileRow(
    '[H9] connections without a head are limited per address',
    { ...few, notice: 'address_full' },
    async (target) => {
      const peers = Array.from({ length: 80 }, () => new Peer(target.port));
      await eventually(() => peers.filter((peer) => peer.ended).length >= 50);
      expect((await target.report()).connections).toBeLessThanOrEqual(32);
    },
  );

  hostileRow(
    '[H13] a head with an expectation gets 417, or 100 Continue and a time limit for its body',
    { limits: { bodyTimeoutMs: 600 }, notice: 'body_timeout' },
    async ({ port }) => {
      const strange = new Peer(port);
      strange.write(`${POST}Content-Length: 5\r\nExpect: the best\r\n\r\n`);
      await eventually(() => strange.text.startsWith('HTTP/1.1 417 '));
      const received = await answer(port, `${POST}Content-Length: 5\r\nExpect: 100-continue\r\n\r\n`);
      expect(received).toMatch(/^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 408 /);
    },
  );

  hostileRow('[H14] a request for a foreign target is refused', { notice: 'not_found' }, async ({ port }) => {
    const targets = [
      'http://other/everywire/up',
      '//everywire/up',
      '/%65verywire/up',
      '/everywire/%75p',
      '/everywire/..%2fup',
      '/everywire/%00',
      '/everywire/%c0%af',
      '/everywire/%zz',
      '/everywire/../everywire/up',
      '*',
    ];
    for (const path of targets) {
      const received = await answer(
        port,
        `POST ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`,
      );
      expect([path, statusOf(received)]).toEqual([path, expect.stringMatching(/^40[04]$/)]);
    }
  });

  hostileRow(
    '[H14] a request with an unsupported method is refused',
    { notice: 'method_not_allowed' },
    async ({ port }) => {
      for (const method of ['TRACE', 'PUT', 'DELETE', 'PATCH', 'PROPFIND'])
        expect(
          statusOf(await answer(port, `${method} /everywire/up HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`)),
        ).toBe('405');
      const tunnel = new Peer(port);
      tunnel.write('CONNECT other:80 HTTP/1.1\r\nHost: other:80\r\n\r\n');
      expect(await tunnel.closed()).not.toContain('200');
      expect(statusOf(await answer(port, 'NONE /everywire/up HTTP/1.1\r\nHost: x\r\n\r\n'))).toBe('400');
    },
  );

  hostileRow(
    '[H19] heads of HTTP/2 and of the PROXY protocol are refused',
    {},
    answers(400, 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', `PROXY TCP4 9.9.9.9 1.1.1.1 1 2\r\n${GET}Host: x\r\n\r\n`),
  );
});

describe('a body', () => {
  const slow = { limits: { bodyRateAfterMs: 500, bodyTimeoutMs: 30_000 }, notice: 'body_timeout' };
  hostileRow('[H10] a body that drips in is judged by its rate', slow, async ({ port }) => {
    const peers = Array.from({ length: 20 }, () => new Peer(port));
    for (const peer of peers) peer.write(`${POST}Content-Length: 100000\r\n\r\n`);
    const drip = setInterval(() => {
      for (const peer of peers) if (!peer.ended) peer.write('x');
    }, 50);
    for (const peer of peers) expect(statusOf(await peer.closed())).toBe('408');
    clearInterval(drip);
  });

  hostileRow(
    '[H18] a compressed body is not decompressed',
    { notice: 'content_encoding' },
    answers(
      415,
      ...['gzip', 'deflate', 'br', 'x-gzip', 'gzip, identity'].map(
        (coding) => `${POST}Content-Encoding: ${coding}\r\nContent-Length: 5\r\n\r\n12345`,
      ),
    ),
  );

  hostileRow(
    '[P5] a body of 100 MB is refused while it arrives',
    { notice: 'body_too_large', bytesMax: 4 << 20 },
    async ({ port }) => {
      expect(statusOf(await answer(port, `${POST}Content-Length: 104857600\r\n\r\n`))).toBe('413');
      const chunked = new Peer(port);
      chunked.write(`${POST}Transfer-Encoding: chunked\r\n\r\n`);
      const chunk = Buffer.from(`10000\r\n${'x'.repeat(65_536)}\r\n`);
      for (let i = 0; i < 1_600 && !chunked.ended; i++) {
        chunked.write(chunk);
        await new Promise((resolve) => setImmediate(resolve));
      }
      expect(statusOf(await chunked.closed())).toBe('413');

      // A client that reads only after it has written everything, as many do, gets the answer too.
      const late = new Peer(port);
      late.write(`${POST}Transfer-Encoding: chunked\r\n\r\n`);
      late.socket.pause();
      for (let i = 0; i < 40; i++) await new Promise((resolve) => late.socket.write(chunk, resolve));
      late.socket.resume();
      expect(statusOf(await late.closed())).toBe('413');
    },
  );
});

// A fiftieth of the files that a process may open.
describe('excess connections', () => {
  hostileRow(
    '[H21] excess connections leave room for existing ones, and for others as soon as they end',
    { limits: { connectionsMax: 40, connectionsPerAddressMax: 100 }, notice: 'connections_full' },
    async (target) => {
      const peers = Array.from({ length: 100 }, () => new Peer(target.port));
      await eventually(() => peers.filter((peer) => peer.ended).length >= 60);
      expect((await target.report()).connections).toBeLessThanOrEqual(40);
      for (const peer of peers) peer.socket.destroy();
      await target.until(({ connections }) => connections <= 2);
      const later = new Peer(target.port);
      later.write(`${POST}Content-Length: 0\r\nConnection: close\r\n\r\n`);
      expect(statusOf(await later.closed())).toBe('400');
    },
  );
});
