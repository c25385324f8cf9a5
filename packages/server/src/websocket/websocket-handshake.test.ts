import type { IncomingMessage } from 'node:http';
import { describe, expect, it } from 'vitest';
import { acceptKey, checkHandshake } from './websocket-handshake.js';

// Tests `checkHandshake`, which checks the opening handshake of a WebSocket. The subprotocol `everywire.2.head` is
// followed by the first record of the client in base64url, which saves a round trip.

/** The headers of a valid handshake. */
const GOOD = {
  host: 'server.example.com',
  upgrade: 'websocket',
  connection: 'Upgrade',
  'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
  'sec-websocket-version': '13',
  'sec-websocket-protocol': 'everywire.2',
};

/** Checks a valid handshake with these changes; `undefined` removes a header. */
function handshake(
  change: Record<string, string | undefined>,
  method = 'GET',
  minor = 1,
): ReturnType<typeof checkHandshake> {
  const headers = { ...GOOD, ...change };
  return checkHandshake(
    { method, httpVersionMajor: 1, httpVersionMinor: minor, headers } as unknown as IncomingMessage,
    'session',
  );
}

describe('checkHandshake, RFC 6455 section 4.2', () => {
  it('acceptKey computes the key of RFC 6455 section 1.3', () => {
    expect(acceptKey('dGhlIHNhbXBsZSBub25jZQ==')).toBe('s3pPLMBiTxaQ9kYGzzhZRbK+xOo=');
  });

  it('[TR-16.1] checkHandshake answers 101 with the key and the subprotocol', () => {
    expect(handshake({})).toEqual({
      kind: 'accepted',
      response:
        'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n' +
        'Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\nSec-WebSocket-Protocol: everywire.2\r\n\r\n',
      head: null,
      shared: false,
    });
  });

  it.each([
    ['tokens among others, in any case', { connection: 'keep-alive, UPGRADE', upgrade: 'WebSocket' }],
    ['a subprotocol among others', { 'sec-websocket-protocol': 'chat, everywire.2 ,superchat' }],
    ['an empty body that is declared', { 'content-length': '0' }],
    ['extensions, which it ignores', { 'sec-websocket-extensions': 'permessage-deflate; x=99' }],
  ])('checkHandshake accepts %s', (_name, change) => {
    expect(handshake(change as Record<string, string>).kind).toBe('accepted');
  });

  const open = { t: 'open', version: 2, nonce: 'one of a handshake', instance: 7 };
  const offer = (record: unknown, ...more: string[]): Record<string, string> => ({
    'sec-websocket-protocol': [
      'everywire.2',
      'everywire.2.head',
      Buffer.from(JSON.stringify(record)).toString('base64url'),
      ...more,
    ].join(', '),
  });

  it.each([
    ['an open', open],
    ['an open with a token beyond ASCII', { ...open, token: 'Zoë?' }],
    ['an attach', { t: 'attach', id: 'i', n: 2, instance: 7, ack: 0, received: 0, seen: 0, sent: 0, sum: 0 }],
  ])('[TR-40.3] checkHandshake reads %s behind `everywire.2.head` and confirms that subprotocol', (_name, record) => {
    const answer = handshake(offer(record, 'chat'));
    expect(answer).toMatchObject({ kind: 'accepted', head: record });
    expect(answer).toHaveProperty('response', expect.stringContaining('-Protocol: everywire.2.head\r\n'));
  });

  /** An offer whose record is missing. */
  const bare = 'everywire.2, everywire.2.head';
  it.each([
    ['nothing', bare],
    ['text that is not base64url', `${bare}, eyJ0Ijoi*`],
    ['base64url that is not JSON', `${bare}, garbage`],
    ['JSON that is not a record', offer([1])['sec-websocket-protocol']],
    ['a record without its fields', offer({ t: 'open' })['sec-websocket-protocol']],
    ['a record with an unknown name', offer({ t: 'opening' })['sec-websocket-protocol']],
    ['a record that is not allowed here', offer({ t: 'from', first: 1 })['sec-websocket-protocol']],
    ['a record of a server', offer({ t: 'refused', code: 'x' })['sec-websocket-protocol']],
    ['more than 4,096 characters', offer({ ...open, token: 'x'.repeat(3100) })['sec-websocket-protocol']],
    [
      'its marker at the end',
      `everywire.2, ${Buffer.from(JSON.stringify(open)).toString('base64url')}, everywire.2.head`,
    ],
  ])('[TR-40.5] checkHandshake ignores a head with %s', (_name, protocols) => {
    const answer = handshake({ 'sec-websocket-protocol': protocols });
    expect(answer).toMatchObject({ kind: 'accepted', head: null });
    expect(answer).toHaveProperty('response', expect.stringContaining('-Protocol: everywire.2\r\n'));
  });

  it('[TR-40.1] [TR-16.7] checkHandshake reads the first of two records and refuses a subprotocol offered twice', () => {
    const other = Buffer.from(JSON.stringify({ ...open, nonce: 'another of a handshake' })).toString('base64url');
    expect(handshake(offer(open, other))).toMatchObject({ head: open });
    expect(handshake(offer(open, 'everywire.2.head', other))).toMatchObject({ code: 'subprotocol_malformed' });
  });

  it.each([
    ['no Host', { host: undefined }, 'host_required'],
    ['no Upgrade', { upgrade: undefined }, 'upgrade_required'],
    ['another Upgrade', { upgrade: 'h2c' }, 'upgrade_required'],
    ['a token that only contains the word', { upgrade: 'xwebsocket' }, 'upgrade_required'],
    ['no Connection token', { connection: 'keep-alive' }, 'connection_upgrade_required'],
    ['no key', { 'sec-websocket-key': undefined }, 'websocket_key'],
    ['a key of 15 bytes', { 'sec-websocket-key': 'AAAAAAAAAAAAAAAAAAAA' }, 'websocket_key'],
    ['a key of 17 bytes', { 'sec-websocket-key': 'AAAAAAAAAAAAAAAAAAAAAAA=' }, 'websocket_key'],
    ['a key that is not base64', { 'sec-websocket-key': 'dGhlIHNhbXBsZSBub25j*Q==' }, 'websocket_key'],
    [
      'two keys',
      { 'sec-websocket-key': `${GOOD['sec-websocket-key']}, ${GOOD['sec-websocket-key']}` },
      'websocket_key',
    ],
    ['no subprotocol', { 'sec-websocket-protocol': undefined }, 'subprotocol_required'],
    ['another subprotocol', { 'sec-websocket-protocol': 'other.2' }, 'subprotocol_required'],
    ['a subprotocol twice', { 'sec-websocket-protocol': 'everywire.2, everywire.2' }, 'subprotocol_malformed'],
    ['32 KiB of blanks for a subprotocol', { 'sec-websocket-protocol': ' '.repeat(32_768) }, 'subprotocol_malformed'],
    ['a separator in a subprotocol', { 'sec-websocket-protocol': 'every/wire' }, 'subprotocol_malformed'],
    ['a body', { 'content-length': '5' }, 'body_not_allowed'],
    ['a chunked body', { 'transfer-encoding': 'chunked' }, 'body_not_allowed'],
  ])('[TR-16.3] [TR-16.4] [TR-16.5] [TR-16.7] [TR-16.8] checkHandshake refuses %s with 400', (_name, change, code) => {
    expect(handshake(change as Record<string, string>)).toMatchObject({ kind: 'refused', status: 400, code });
  });

  it('[SN-42.3] checkHandshake refuses an offer of only other wire versions with 400', () => {
    const refused = { kind: 'refused', status: 400, code: 'wire_version' };
    expect(handshake({ 'sec-websocket-protocol': 'everywire.1, everywire.3' })).toMatchObject(refused);
  });

  it.each(['8', '12', '14', '013', '13, 12', '', undefined])(
    '[TR-16.6] checkHandshake answers version %s with 426 and the supported version',
    (version) => {
      expect(handshake({ 'sec-websocket-version': version })).toEqual({
        kind: 'refused',
        status: 426,
        code: 'websocket_version',
        headers: 'Sec-WebSocket-Version: 13\r\n',
      });
    },
  );

  it('[TR-16.3] checkHandshake refuses other methods and HTTP/1.0', () => {
    expect(handshake({}, 'POST')).toMatchObject({ kind: 'refused', status: 405 });
    expect(handshake({}, 'GET', 0)).toMatchObject({ kind: 'refused', status: 400, code: 'http_version' });
  });
});
