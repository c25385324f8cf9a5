import type { Claims, WireServerOptions } from '@everywire/server';
import { afterEach, describe, expect, it } from 'vitest';
import { type Listening, listen, post } from './hand-client.js';

let server: Listening;
afterEach(() => server.end());

/** Claims with an expiry in seconds, as in a JWT, where milliseconds are needed. */
const seconds = { subject: 'ann', expiresAt: 1_795_278_400 };

/** Tries to open a session on a new server and returns the answer. */
async function open(authenticate: NonNullable<WireServerOptions['authenticate']>): Promise<unknown> {
  server = await listen({ authenticate });
  const answer = await post(`${server.base}/open`, { t: 'open', version: 2, nonce: 'one of a test, once' });
  return answer.json();
}

describe('claims that cannot be right', () => {
  it.each([
    ['at once', () => seconds],
    ['later', async () => seconds],
  ])(
    'invalid claims are reported to the operator and refused to the client if they come %s',
    async (_when, authenticate) => {
      expect(await open(authenticate)).toMatchObject({ t: 'refused', code: 'unauthorized' });
      expect(server.notices).toEqual([
        {
          code: 'claims_invalid',
          text: 'authenticate returned invalid claims: expiresAt 1795278400 is in 1970: milliseconds?',
        },
      ]);
      expect(server.wire.counters()).toEqual({ claims_invalid: 1 });
    },
  );

  it('claims without a subject are reported to the operator', async () => {
    expect(await open(() => ({ sub: 'ann' }) as unknown as Claims)).toMatchObject({ code: 'unauthorized' });
    expect(server.notices[0]?.text).toContain('subject is Undefined, not a string');
  });

  it('claims of null refuse the client without a notice', async () => {
    expect(await open(() => null)).toMatchObject({ code: 'unauthorized' });
    expect(server.notices).toEqual([]);
  });
});
