import { deflateRawSync } from 'node:zlib';
import { OPCODE } from '@everywire/protocol/internal';
import { describe, expect } from 'vitest';
import { eventually } from '../server/hand-client.js';
import { hostileRow } from './hostile-row.js';
import { frame, type HeadOptions, head, Peer } from './peer.js';
import type { Target } from './target.js';

/** Returns the server's complete answer to an opening handshake that it refuses. It then closes the connection. */
async function answers(port: number, options: HeadOptions): Promise<string> {
  const peer = new Peer(port);
  peer.write(head(options));
  // Bytes after a refused handshake are ignored; they are neither frames nor another request (W30).
  peer.write(
    Buffer.concat([frame(OPCODE.text, 'smuggled'), Buffer.from('GET /everywire/up HTTP/1.1\r\nHost: x\r\n\r\n')]),
  );
  const text = await peer.closed();
  expect(text.match(/HTTP\/1\.1 /g)).toHaveLength(1);
  expect(text).toMatch(/^Connection: close\r$/im);
  return text;
}

/** Checks that each of these handshakes is refused with that status and code. */
function refuses(status: number, code: string, ...heads: readonly HeadOptions[]): (target: Target) => Promise<void> {
  return async ({ port }) => {
    for (const options of heads) {
      const text = await answers(port, options);
      expect([text.slice(9, 12), text]).toEqual([String(status), expect.stringContaining(`"code":"${code}"`)]);
    }
  };
}

/** An otherwise valid handshake with these headers. */
const with_ = (headers: HeadOptions['headers']): HeadOptions => (headers === undefined ? {} : { headers });

describe('an opening handshake', () => {
  const protocols = (value: string): HeadOptions => with_({ 'Sec-WebSocket-Protocol': value });
  hostileRow(
    '[W23] an opening handshake with 15 kB of spaces as subprotocols is read without a stall',
    {},
    async ({ port }) => {
      // A quadratic parser would stall the server, which each row checks.
      for (const value of [`a${' '.repeat(15_000)}b`, ', '.repeat(7_000), `${' ,'.repeat(7_000)}a`])
        expect(await answers(port, protocols(value))).toContain('subprotocol_malformed');
    },
  );

  hostileRow(
    '[W24] an opening handshake whose extensions have an unclosed quote is read without a stall',
    { deflate: true },
    async ({ port }) => {
      const extensions = (value: string): HeadOptions => with_({ 'Sec-WebSocket-Extensions': value });
      for (const value of [`a; b="${'\\\\'.repeat(7_000)}`, `a; b="${'x\\"'.repeat(5_000)}`, 'a; b="'.repeat(2_000)])
        expect(await answers(port, extensions(value))).toContain('extensions_malformed');
    },
  );

  hostileRow(
    '[W25] an opening handshake with more headers than the parser counts is refused',
    { notice: 'too_many_headers' },
    refuses(431, 'too_many_headers', with_({ 'X-A': Array(2_100).fill('') }), with_({ 'X-A': Array(101).fill('b') })),
  );

  const key = (value: string | readonly string[] | null): HeadOptions => with_({ 'Sec-WebSocket-Key': value });
  const good = 'dGhlIHNhbXBsZSBub25jZQ==';
  hostileRow(
    '[W26] an opening handshake without a key of sixteen bytes, or with two keys, is refused',
    { notice: 'websocket_key' },
    refuses(400, 'websocket_key', ...[null, '', 'AAAA', [good, good], good.replace('=', ''), `${good}A`].map(key)),
  );

  hostileRow(
    '[W26] an opening handshake of another version is answered with the supported one',
    { notice: 'websocket_version' },
    async (target) => {
      for (const value of [null, '8', '0', 'abc', '13, 8', ['13', '8']]) {
        const text = await answers(target.port, with_({ 'Sec-WebSocket-Version': value }));
        expect(text).toMatch(/^HTTP\/1\.1 426 /);
        expect(text).toMatch(/^Sec-WebSocket-Version: 13\r$/m);
      }
    },
  );

  hostileRow(
    '[W27] an opening handshake at an address without WebSocket is refused',
    { notice: 'not_found' },
    async (target) => {
      await refuses(404, 'not_found', { path: '/everywire/up' }, { path: '/everywire/' })(target);
      expect(await answers(target.port, { path: '/elsewhere' })).toMatch(/^HTTP\/1\.1 404 /);
    },
  );

  hostileRow(
    '[W27] an opening handshake by POST is refused',
    { notice: 'method_not_allowed' },
    refuses(405, 'method_not_allowed', { method: 'POST', headers: { 'Content-Length': '0' } }),
  );

  hostileRow(
    '[W27] an opening handshake by HTTP/1.0 is refused',
    { notice: 'http_version' },
    refuses(400, 'http_version', { version: '1.0' }),
  );

  hostileRow('[W27] an opening handshake may have further options in its Connection header', {}, async ({ port }) => {
    for (const value of ['keep-alive, Upgrade', 'UPGRADE', 'x,upgrade'])
      await Peer.upgraded(port, with_({ Connection: value }));
  });

  const origin = (value: string): HeadOptions =>
    with_({ Origin: value, Host: 'app.example.com', Cookie: 'session=good' });
  const strange = [
    'null',
    'https://app.example.com.evil.tld',
    'https://evil.tld/app.example.com',
    'https://app.example.com:8443',
    'http://app.example.com:8443',
    'https://xn--pp-xbc.example.com',
    'https://APP.example.com',
    '*',
    'http://app.example.com, https://app.example.com',
  ];
  hostileRow(
    '[W28] an opening handshake from a page of another origin is refused, regardless of its cookies',
    { origins: ['https://app.example.com'], notice: 'origin_refused' },
    refuses(403, 'origin_refused', ...strange.map(origin)),
  );

  hostileRow(
    '[W28] an opening handshake without an origin, from the own origin or from an allowed one is accepted',
    { origins: ['https://app.example.com'] },
    async ({ port }) => {
      for (const value of ['https://app.example.com', 'http://app.example.com'])
        await Peer.upgraded(port, origin(value));
      await Peer.upgraded(port);
    },
  );

  // Every refusal above is checked for this: one answer with `Connection: close`, and no further bytes are read.
  hostileRow(
    '[W30] a refused opening handshake ends its connection, even if a proxy assumes a tunnel',
    { notice: 'subprotocol_required' },
    async ({ port }) => {
      expect(await answers(port, protocols('other'))).toMatch(/^HTTP\/1\.1 400 /);
    },
  );
});

describe('compression', () => {
  const deflate = { deflate: true };
  const offers = (value: string | readonly string[]): HeadOptions => with_({ 'Sec-WebSocket-Extensions': value });
  const pmd = 'permessage-deflate';

  hostileRow('[W20] compression offered with unsupported parameters is declined', deflate, async ({ port }) => {
    const declined = [
      ...['7', '16', '"x"', 'x', '', '-1', '015'].map((bits) => `${pmd}; server_max_window_bits=${bits || '0'}`),
      `${pmd}; client_max_window_bits=7`,
      `${pmd}; client_max_window_bits=16`,
      `${pmd}; server_no_context_takeover; server_no_context_takeover`,
      `${pmd}; unknown`,
      Array(100).fill(`${pmd}; server_max_window_bits=7`).join(', '),
      Array(50).fill(`${pmd}; unknown=1`),
    ];
    for (const value of declined) {
      const peer = await Peer.upgraded(port, offers(value));
      expect(peer.text).not.toContain('Sec-WebSocket-Extensions');
    }
  });

  const compressed = (payload: Uint8Array): Buffer => {
    const bytes = frame(OPCODE.text, payload);
    bytes[0] = 0xc1;
    return bytes;
  };

  /** Returns the code with which a connection that negotiated compression ends after this payload. */
  async function closes(port: number, payload: Uint8Array): Promise<number> {
    const peer = await Peer.upgraded(port, offers(pmd));
    expect(peer.text).toContain('Sec-WebSocket-Extensions');
    peer.write(compressed(payload));
    return peer.closeCode();
  }

  hostileRow(
    '[W19] compression of a thousand to one is decompressed only up to the limit',
    { ...deflate, notice: 'socket_refused' },
    async ({ port }) => {
      const bomb = deflateRawSync(Buffer.alloc(60 << 20), { level: 9 });
      expect(bomb.length).toBeLessThan(64 << 10);
      for (let i = 0; i < 10; i++) expect(await closes(port, bomb)).toBe(1009);
      // The compressed bytes alone exceed the limit: the header is enough.
      expect(await closes(port, Buffer.alloc(1 << 20))).toBe(1009);
    },
  );

  hostileRow(
    '[W21] compression that is damaged or cut short fails the connection',
    { ...deflate, notice: 'socket_refused' },
    async ({ port }) => {
      // A stored block of 100 bytes that has two; an invalid code; an invalid kind of block.
      const wrong = ['0064009bff4865', 'ffff', '0700', 'ff'.repeat(50)].map((bytes) => Buffer.from(bytes, 'hex'));
      for (const payload of wrong) expect(await closes(port, payload)).toBe(1007);
    },
  );

  hostileRow(
    '[W21] compression with a final block is read, as RFC 7692 section 7.2.3.4 allows',
    deflate,
    async ({ port }) => {
      const peer = await Peer.joined(port, offers(pmd));
      peer.write(compressed(Buffer.from('f348cdc9c90700', 'hex')));
      await eventually(() => peer.messages.length === 1);
      expect(peer.messages).toEqual(['Hello']);
    },
  );

  // A fiftieth of 50,000. A window of 32 KiB kept for both directions would be 300 kB each with zlib's overhead.
  hostileRow(
    '[W22] compression costs a connection no memory while nothing is compressed',
    { ...deflate, bytesMax: 24 << 20 },
    async (target) => {
      const window = `${pmd}; server_max_window_bits=15; client_max_window_bits=15`;
      const before = await target.report();
      const peers: Peer[] = [];
      for (let i = 0; i < 1_000; i += 50) {
        const some = Array.from({ length: 50 }, () => Peer.upgraded(target.port, offers(window)));
        peers.push(...(await Promise.all(some)));
      }
      for (const peer of peers) expect(peer.text).toContain('client_no_context_takeover');
      const after = await target.report();
      expect(after.connections - before.connections).toBe(1_000);
      expect((after.bytes - before.bytes) / 1_000).toBeLessThan(20_000);
    },
  );
});
