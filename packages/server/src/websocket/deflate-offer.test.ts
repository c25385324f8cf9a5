import { describe, expect, it } from 'vitest';
import { negotiateDeflate } from './deflate-offer.js';

// Tests `negotiateDeflate`, which answers the Sec-WebSocket-Extensions header of a client: whether and how messages are
// compressed (RFC 7692).

const PLAIN = 'permessage-deflate; server_no_context_takeover; client_no_context_takeover';
const withWindow = (bits: number): string => `${PLAIN}; server_max_window_bits=${bits}`;

/** Returns the response, or the kind of the answer if it was not accepted. */
function answer(header: string | undefined): string {
  const negotiation = negotiateDeflate(header);
  return negotiation.kind === 'accepted' ? negotiation.response : negotiation.kind;
}

describe('[SN-17.3] negotiateDeflate', () => {
  it.each<[string, string]>([
    ['permessage-deflate', PLAIN],
    ['permessage-deflate; client_max_window_bits', PLAIN],
    ['permessage-deflate; client_max_window_bits=8', PLAIN],
    ['permessage-deflate; client_max_window_bits=15', PLAIN],
    ['permessage-deflate;client_max_window_bits="10"', PLAIN],
    ['permessage-deflate; client_max_window_bits="1\\0"', PLAIN],
    ['permessage-deflate ; server_no_context_takeover ; client_no_context_takeover', PLAIN],
    ['permessage-deflate; server_max_window_bits=15', withWindow(15)],
    ['permessage-deflate; server_max_window_bits=14', withWindow(14)],
    ['permessage-deflate; server_max_window_bits=8; client_max_window_bits=8', withWindow(8)],
    ['permessage-deflate; server_max_window_bits="15"; client_max_window_bits', withWindow(15)],
    ['\tpermessage-deflate\t', PLAIN],
    ['x-other; a=1, permessage-deflate', PLAIN],
    ['permessage-deflate; server_max_window_bits=10, permessage-deflate', withWindow(10)],
    ['permessage-deflate; server_max_window_bits=7, permessage-deflate; server_max_window_bits=15', withWindow(15)],
    [`${'permessage-deflate; server_max_window_bits=7, '.repeat(100)}permessage-deflate`, PLAIN],
  ])('[FR-23.1] [FR-23.2] [FR-23.3] negotiateDeflate accepts %s', (header, response) =>
    expect(answer(header)).toBe(response),
  );

  it.each([
    'permessage-deflate; server_max_window_bits=7',
    'permessage-deflate; server_max_window_bits=16',
    'permessage-deflate; server_max_window_bits=015',
    'permessage-deflate; server_max_window_bits=x',
    'permessage-deflate; server_max_window_bits',
    'permessage-deflate; client_max_window_bits=7',
    'permessage-deflate; client_max_window_bits=16',
    'permessage-deflate; client_max_window_bits=08',
    'permessage-deflate; server_no_context_takeover=1',
    'permessage-deflate; client_no_context_takeover="true"',
    'permessage-deflate; client_max_window_bits; client_max_window_bits',
    'permessage-deflate; server_max_window_bits=15; server_max_window_bits=15',
    'permessage-deflate; unknown',
    'permessage-deflate; mem_level=9',
    'x-webkit-deflate-frame',
    'permessage-bzip2, x; a; b=c',
  ])('[FR-23.4] negotiateDeflate declines %s', (header) => expect(answer(header)).toBe('declined'));

  it.each([
    '',
    ',',
    ';',
    'permessage-deflate,',
    ', permessage-deflate',
    'permessage-deflate;',
    'permessage-deflate; =1',
    'permessage-deflate; client_max_window_bits=',
    'permessage-deflate; client_max_window_bits=""',
    'permessage-deflate; client_max_window_bits="10',
    'permessage-deflate; client_max_window_bits="10\\',
    'permessage-deflate; client_max_window_bits="1 0"',
    'permessage-deflate; client_max_window_bits=" 10"',
    'permessage-deflate client_max_window_bits',
    'permessage-deflate; a=b=c',
    'permessage(deflate)',
    'permessage-deflate\0',
    'permessage-dëflate',
  ])('[FR-23.6] negotiateDeflate reports %j as malformed', (header) => expect(answer(header)).toBe('malformed'));

  it('negotiateDeflate declines a missing header', () => expect(answer(undefined)).toBe('declined'));

  it('[W24] negotiateDeflate reads any header in linear time', () => {
    const before = process.cpuUsage();
    for (const long of ['"\\'.repeat(8_000), 'a;'.repeat(8_000), ' '.repeat(16_000), `a="${'\\"'.repeat(8_000)}`])
      expect(answer(`permessage-deflate; x=${long}`)).not.toContain('takeover');
    // A quadratic parser would take a second of processor time. Other processes do not count.
    const { user, system } = process.cpuUsage(before);
    expect(user + system).toBeLessThan(500_000);
  });
});
