import type { AuthenticateRequest, Claims, WireServerOptions, WireSession } from '@everywire/server';
import { afterEach, describe, expect, it } from 'vitest';
import {
  bodyOf,
  eventually,
  HandClient,
  HandCounts,
  type Listening,
  listen,
  newNonce,
  openByPost,
  post,
} from './hand-client.js';

let server: Listening;
afterEach(() => server.end());

/** What a server's application has observed: sessions, messages, codes of ended sessions, and token checks. */
interface Place {
  readonly opened: WireSession[];
  readonly got: unknown[];
  readonly ended: string[];
  readonly asked: AuthenticateRequest[];
}

/** Times that never pass in a test. */
const long = { heartbeatMs: 1e9, heartbeatHiddenMs: 1e9, lifeMs: 1e9, unconfirmedMs: 1e9, unattachedMs: 1e9 };
/** Times for the renewal of tokens, in milliseconds. */
const short = { ...long, renewBeforeMs: 100_000, renewAgainMs: 50, suspendedMs: 60_000, tickMs: 5 };
/** How far the server's clock is ahead, so that a test decides when a token expires. */
let aheadMs = 0;

/** Starts a server that checks tokens by `authenticate`. */
async function start(
  authenticate: NonNullable<WireServerOptions['authenticate']>,
  limits: WireServerOptions['limits'] = short,
): Promise<Place> {
  const place: Place = { opened: [], got: [], ended: [], asked: [] };
  aheadMs = 0;
  server = await listen({
    limits,
    now: () => performance.now() + aheadMs,
    authenticate: (request) => {
      place.asked.push(request);
      return authenticate(request);
    },
    onSession: (session) => {
      place.opened.push(session);
      session.onMessage = (data) => void place.got.push(data);
      session.onClose = ({ code }) => place.ended.push(code);
    },
  });
  return place;
}

/** Parses a token such as `ann 500`: the subject, and for how many milliseconds it is valid. */
function claimsOf({ token = 'ann 300000' }: AuthenticateRequest): Claims | null {
  const [subject = '', ms, role = ''] = token.split(' ');
  return subject === '' ? null : { subject, role, expiresAt: Date.now() + Number(ms) };
}

/** Opens a session with a token, and attaches it. */
async function joined(token: string): Promise<HandClient> {
  const client = new HandClient(server.port);
  await client.opened();
  client.record({ t: 'open', version: 2, nonce: `one with the token ${token}`, token });
  await client.heard('opened');
  client.attach(1);
  await client.heard('attached');
  client.record({ t: 'from', first: 1 });
  return client;
}

describe('a token that runs out', () => {
  it('[SN-21.1] [SN-20.7] a token about to expire is requested in the session; the new one changes its claims and its id', async () => {
    const place = await start(claimsOf);
    const client = await joined('ann 300000');
    aheadMs += 250_000;
    const before = client.id;
    await client.heard('auth');
    client.record({ t: 'auth', token: 'ann 300000 admin' });
    await eventually(() => place.opened[0]?.claims['role'] === 'admin');
    expect(place.asked[1]).toMatchObject({ token: 'ann 300000 admin', renews: { subject: 'ann', role: '' } });
    await client.heard('rotate');
    expect(client.id).not.toBe(before);
    const again = new HandClient(server.port);
    await again.opened();
    again.attach(2, client.id);
    await again.heard('attached');
    const stale = await post(`${server.base}/up`, {
      t: 'body',
      n: 1,
      instance: 1,
      id: before,
      first: 1,
      count: 0,
      ...new HandCounts().block,
    });
    expect(stale.status).toBe(503);
    expect(await stale.text()).not.toContain('"t"');
    expect(place.opened).toHaveLength(1);
  });

  it('[SN-21.5] a new token of another subject, or an invalid one, is refused: nothing changes, and it is requested again', async () => {
    const place = await start(claimsOf);
    const client = await joined('ann 300000');
    aheadMs += 250_000;
    for (const token of ['bob 300000', ' ']) {
      client.records.length = 0;
      await client.heard('auth');
      client.record({ t: 'auth', token });
    }
    await eventually(() => place.asked.length === 3);
    client.records.length = 0;
    await client.heard('auth');
    expect(place.opened[0]?.claims.subject).toBe('ann');
    expect(client.records.some(({ t }) => t === 'rotate')).toBe(false);
    expect(server.notices.map(({ code }) => code)).toContain('renewal_refused');
  });

  it('[SN-21.6] [SN-21.7] an expired token suspends its session: nothing is delivered either way until a valid one arrives', async () => {
    const place = await start(claimsOf);
    const client = await joined('ann 300000');
    const [session] = place.opened as [WireSession];
    aheadMs += 300_000;
    await client.heard('auth');
    client.send('up');
    session.send('down');
    client.record({ t: 'ping', at: 1, ...client.counts.block });
    expect(await client.heard('pong')).toMatchObject({ ack: 0, received: 1, sent: 0 });
    expect([place.got, client.got]).toEqual([[], []]);
    client.record({ t: 'auth', token: 'ann 300000' });
    await eventually(() => client.got.length === 1);
    expect([place.got, client.got]).toEqual([['up'], ['down']]);
  });

  it('[SN-21.8] an expired token that is not renewed ends its session with expired', async () => {
    const place = await start(claimsOf);
    const client = await joined('ann 300000');
    aheadMs += 361_000;
    expect(await client.heard('closed')).toMatchObject({ clean: false, code: 'expired' });
    expect(place.ended).toEqual(['expired']);
  });

  it('[SN-21.3] a new token travels in a body if there is no other way upstream', async () => {
    const place = await start((request) => claimsOf({ ...request, token: request.token ?? 'ann 100' }));
    const id = await openByPost(server.base);
    const counts = new HandCounts().block;
    place.asked.length = 0;
    const poll = post(`${server.base}/long-poll`, { t: 'attach', id, n: 1, instance: 1, ...counts });
    await eventually(() => place.opened.length > 0);
    expect(await (await poll).text()).toContain('{"t":"auth"}');
    await post(`${server.base}/up`, bodyOf(id, { token: 'ann 300000 admin' }));
    await eventually(() => place.opened[0]?.claims['role'] === 'admin');
  });

  it('[SN-21] an expired token opens no session', async () => {
    await start(claimsOf);
    for (const token of ['ann -1', 'ann x']) {
      const answer = await post(`${server.base}/open`, { t: 'open', version: 2, nonce: newNonce(), token });
      expect(await answer.json()).toMatchObject({ t: 'refused', code: 'unauthorized' });
    }
  });

  it('[SN-21.7] messages behind a handler in progress are held while suspended, and then handled in order', async () => {
    let release: (() => void) | undefined;
    const place = await start(claimsOf);
    const client = await joined('ann 300000');
    const [session] = place.opened as [WireSession];
    session.onMessage = (data) => {
      place.got.push(data);
      return data === '1' ? new Promise((resolve) => (release = resolve)) : undefined;
    };
    for (const data of ['1', '2', '3']) client.send(data);
    await eventually(() => release);
    aheadMs += 300_000;
    await client.heard('auth');
    release?.();
    client.record({ t: 'ping', at: 3, ...client.counts.block });
    await eventually(() => client.records.find(({ t, ack }) => t === 'pong' && ack === 1));
    expect(place.got).toEqual(['1']);
    client.record({ t: 'auth', token: 'ann 300000' });
    await eventually(() => place.got.length === 3);
    expect(place.got).toEqual(['1', '2', '3']);
  });
});

describe('a credential that is revoked', () => {
  it('[SN-21.9] a revoked credential ends its sessions immediately, on every transport, and no others', async () => {
    const place = await start(claimsOf);
    const clients = [await joined('ann 300000'), await joined('bob 300000')] as const;
    expect(server.wire.revoke(({ subject }) => subject === 'ann')).toBe(1);
    expect(await clients[0].heard('closed')).toMatchObject({ code: 'revoked' });
    expect(place.ended).toEqual(['revoked']);
    clients[1].send('still here');
    await eventually(() => place.got.length === 1);
  });

  it('[SN-21.9] a revoked credential refuses sessions whose token is being checked at that moment', async () => {
    const answers: (() => void)[] = [];
    const place = await start((request) => new Promise((resolve) => answers.push(() => resolve(claimsOf(request)))));
    const early = post(`${server.base}/open`, {
      t: 'open',
      version: 2,
      nonce: 'one that comes early',
      token: 'ann 300000',
    });
    await eventually(() => answers.length === 1);
    server.wire.revoke(({ subject }) => subject === 'ann');
    const late = post(`${server.base}/open`, {
      t: 'open',
      version: 2,
      nonce: 'one that comes late',
      token: 'ann 300000',
    });
    await eventually(() => answers.length === 2);
    for (const answer of answers) answer();
    expect(await (await early).json()).toMatchObject({ t: 'refused', code: 'unauthorized' });
    expect(await (await late).json()).toMatchObject({ t: 'opened' });
    expect(place.opened).toEqual([]);
  });
});

describe('a session id', () => {
  it('[SN-20.8] a session id names its node, sealed; an id of another node is recognized by its seal', async () => {
    const secret = 'shared by all of the nodes';
    server = await listen({ node: { name: 'a', secret } });
    const id = await openByPost(server.base);
    expect(id).toMatch(/^[\w-]{22}\.a\.[\w-]{8}\.[\w-]{16}$/);
    const ask = async (other: string): Promise<unknown> => {
      const attach = { t: 'attach', id: other, n: 1, instance: 1, ...new HandCounts().block };
      return (await post(`${server.base}/ticket`, attach)).json();
    };
    expect(await ask(id.replace('.a.', '.b.'))).toEqual({ t: 'refused', code: 'unknown', instance: 1 });
    expect(server.notices).toEqual([]);
    const here = server;
    server = await listen({ node: { name: 'b', secret } });
    const foreign = await openByPost(server.base);
    await server.end();
    server = here;
    expect(await ask(foreign)).toEqual({ t: 'refused', code: 'unknown', instance: 1 });
    expect(server.notices).toMatchObject([{ code: 'elsewhere' }]);
    expect(await ask(id)).toMatchObject({ t: 'ticket' });
  });

  it('[SN-20.7] a session id can be replaced', async () => {
    const place = await start(claimsOf);
    const client = await joined('ann 300000');
    const before = client.id;
    place.opened[0]?.rotate();
    await client.heard('rotate');
    expect(client.id).not.toBe(before);
  });
});
