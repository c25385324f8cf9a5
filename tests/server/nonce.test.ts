import { afterEach, describe, expect, it } from 'vitest';
import { type Listening, listen, post } from './hand-client.js';

let server: Listening;

afterEach(() => server?.end());

// A nonce is the random text by which a client opens a session. A repeated request with the same nonce gets the same
// session.

const nonce = 'a-nonce-that-two-clients-have';

/** Requests a session with this nonce and returns the answer. */
async function open(fields: object): Promise<{ readonly t: string; readonly id?: string; readonly code?: string }> {
  const answer = await post(`${server.base}/open`, { t: 'open', version: 2, nonce, ...fields });
  return (await answer.json()) as Awaited<ReturnType<typeof open>>;
}

const refused = { t: 'refused', code: 'unauthorized', nonce };

describe('the nonce of a session', () => {
  it('[SN-36.1] a nonce with fewer than 16 or more than 256 units, or half a character, opens nothing', async () => {
    server = await listen();
    const status = async (of: string) =>
      (await post(`${server.base}/open`, { t: 'open', version: 2, nonce: of })).status;
    const nonces = ['x'.repeat(15), `${'x'.repeat(16)}\ud83d`, 'x'.repeat(257), 'y'.repeat(16), '😀'.repeat(128)];
    expect(await Promise.all(nonces.map(status))).toEqual([400, 400, 400, 200, 200]);
  });

  it('[SN-36.3] [SN-36.4] a nonce gives no session to another subject, alive or ended, and stays valid for its own', async () => {
    server = await listen({ authenticate: ({ token = '' }) => ({ subject: token.split(' ')[0] ?? '' }) });
    const { id } = await open({ token: 'ann 1' });
    expect(id).toBeDefined();
    expect(await open({ token: 'mallory' })).toEqual(refused);
    expect(await open({})).toEqual(refused);
    // A retry of the same client, with the same token and with one renewed in the meantime.
    expect(await open({ token: 'ann 1' })).toMatchObject({ t: 'opened', id });
    expect(await open({ token: 'ann 2' })).toMatchObject({ t: 'opened', id });
    server.wire.revoke(() => true);
    expect(await open({ token: 'mallory' })).toEqual(refused);
    expect(await open({ token: 'ann 1' })).toMatchObject({ t: 'closed', code: 'revoked' });
  });

  it('[SN-36.4] a nonce admits no one by the pending check of another token', async () => {
    const asked = new Map<string | undefined, (claims: { subject: string } | null) => void>();
    server = await listen({
      authenticate: ({ token }) => new Promise((resolve) => asked.set(token, resolve)),
    });
    const ann = open({ token: 'ann' });
    await expect.poll(() => asked.size).toBe(1);
    const [anonymous, mallory] = [open({}), open({ token: 'mallory' })];
    await expect.poll(() => [...asked.keys()]).toEqual(['ann', undefined, 'mallory']);
    asked.get('ann')?.({ subject: 'ann' });
    expect(await ann).toMatchObject({ t: 'opened' });
    asked.get(undefined)?.(null);
    asked.get('mallory')?.({ subject: 'mallory' });
    expect([await anonymous, await mallory]).toEqual([refused, refused]);
  });
});
