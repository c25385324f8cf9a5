import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { TestPlace } from './test-place.js';
import { TestProvider, testClient } from './test-provider.js';

/* Signs in at a real OpenID Connect provider, following its pages, cookies and redirects as a browser does. */

const publicUrl = 'http://127.0.0.1:1';
let provider: TestProvider;
let place: TestPlace;

beforeAll(async () => {
  provider = await TestProvider.listen();
  await provider.serve(`${publicUrl}/`);
  const { issuer } = provider;
  const openId = { issuer, ...testClient, name: 'Elsewhere' };
  place = await TestPlace.start({
    openId,
    publicUrl: () => publicUrl,
    place: { name: 'Test', runBy: '', registration: 'closed', version: '0' },
  });
});
afterAll(async () => {
  await place?.stop();
  await provider.close();
});

/** Sends a request and returns status and body. */
async function ask(
  path: string,
  body?: unknown,
): Promise<{ readonly status: number; readonly body: Record<string, string> }> {
  const response = await place.rest(body === undefined && path === '/api/server' ? 'GET' : 'POST', path, body);
  return { status: response.status, body: (await response.json()) as Record<string, string> };
}

/** Signs in at the provider's own pages and returns the fragment of the address to which it redirects the browser. */
async function walk(url: string, login: string): Promise<string> {
  const cookies = new Map<string, string>();
  const visit = async (address: string, form?: URLSearchParams): Promise<Response> => {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const init: RequestInit = { redirect: 'manual', headers: { cookie }, method: form === undefined ? 'GET' : 'POST' };
    const response = await fetch(address, form === undefined ? init : { ...init, body: form });
    for (const line of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      cookies.set(name, value);
    }
    return response;
  };
  let address = url;
  let form: URLSearchParams | undefined;
  for (let steps = 0; steps < 12; steps += 1) {
    const response = await visit(address, form);
    form = undefined;
    const location = response.headers.get('location');
    if (location !== null) {
      address = new URL(location, address).href;
      if (address.startsWith(publicUrl)) return new URL(address).hash.slice(1);
      continue;
    }
    const page = await response.text();
    const [, action = ''] = /<form[^>]* action="([^"]+)"/.exec(page) ?? [];
    const [, prompt = ''] = /name="prompt" value="(\w+)"/.exec(page) ?? [];
    if (action === '') throw new Error(`no form at ${address}: ${page.slice(0, 300)}`);
    address = new URL(action, address).href;
    form = new URLSearchParams(prompt === 'login' ? { prompt, login, password: 'any' } : { prompt });
  }
  throw new Error('the provider goes in circles');
}

/** Begins a sign-in: the address at the provider, and the secret of this sign-in. */
const begin = async () => (await ask('/api/openid')).body as { readonly url: string; readonly flow: string };

test('[A15] sign-in uses the authorization code with PKCE, state and nonce, and the answer arrives in the fragment', async () => {
  expect((await ask('/api/server')).body['openId']).toBe('Elsewhere');
  const { url, flow } = await begin();
  const asked = new URL(url).searchParams;
  expect(asked.get('redirect_uri')).toBe(`${publicUrl}/`);
  expect([asked.get('response_type'), asked.get('response_mode')]).toEqual(['code', 'fragment']);
  expect(asked.get('code_challenge_method')).toBe('S256');
  for (const name of ['state', 'nonce', 'code_challenge']) expect(asked.get(name)?.length).toBeGreaterThan(30);
  const answer = await walk(url, 'ann');
  const signedIn = await ask('/api/openid/finish', { flow, answer, label: 'Firefox' });
  expect(signedIn).toMatchObject({ status: 200, body: { me: { name: 'ann', displayName: 'ann of elsewhere' } } });
  const again = await begin();
  const second = await ask('/api/openid/finish', { flow: again.flow, answer: await walk(again.url, 'ann') });
  expect(second.body['me']).toEqual(signedIn.body['me']);
  expect((await place.rest('GET', '/api/me', undefined, second.body['token'])).status).toBe(200);
});

test('[A15] an answer is valid once, with its own state, and in the browser that began', async () => {
  const [mine, other] = [await begin(), await begin()];
  const answer = await walk(mine.url, 'bob');
  const refused = { status: 401, body: { code: 'identity_refused' } };
  expect(await ask('/api/openid/finish', { flow: other.flow, answer })).toMatchObject(refused);
  expect(await ask('/api/openid/finish', { flow: 'unknown', answer })).toMatchObject(refused);
  expect((await ask('/api/openid/finish', { flow: mine.flow, answer })).status).toBe(200);
  expect(await ask('/api/openid/finish', { flow: mine.flow, answer })).toMatchObject(refused);
  const third = await begin();
  const forged = new URLSearchParams(await walk(third.url, 'bob'));
  forged.set('code', 'forged');
  expect(await ask('/api/openid/finish', { flow: third.flow, answer: forged.toString() })).toMatchObject(refused);
  const fourth = await begin();
  const denied = `error=access_denied&state=${new URL(fourth.url).searchParams.get('state')}`;
  expect(await ask('/api/openid/finish', { flow: fourth.flow, answer: denied })).toMatchObject(refused);
  const log = place.lines.join('\n');
  for (const secret of [answer, mine.flow, new URLSearchParams(answer).get('code') ?? ''])
    expect(log).not.toContain(secret);
});

test('[A15] a suspended or deleted person is refused, and admitted again after a reactivation', async () => {
  const signIn = async () => {
    const { url, flow } = await begin();
    return ask('/api/openid/finish', { flow, answer: await walk(url, 'dora') });
  };
  const first = await signIn();
  const { id } = first.body['me'] as unknown as { readonly id: number };
  await place.store.suspendUser(id, Date.now());
  expect(await signIn()).toMatchObject({ status: 403, body: { code: 'suspended' } });
  expect(await place.store.credentials(id)).toEqual([]);
  await place.store.reactivateUser(id);
  expect(await signIn()).toMatchObject({ status: 200, body: { me: { id } } });
  await place.store.deleteUser(id, 'keep', Date.now());
  expect(await signIn()).toMatchObject({ status: 401, body: { code: 'identity_refused' } });
  expect((await place.store.users([id]))[0]).toMatchObject({ state: 'deleted', displayName: '' });
});

test("an id_token whose signature is not of the provider's keys signs no one in", async () => {
  const { fetch: real } = globalThis;
  let forged = 0;
  vi.stubGlobal('fetch', async (...asked: Parameters<typeof fetch>): Promise<Response> => {
    const answer = await real(...asked);
    const body = answer.headers.get('content-type')?.includes('json') ? await answer.clone().json() : null;
    if (typeof body?.id_token !== 'string') return answer;
    forged += 1;
    const [head, claims, signature] = body.id_token.split('.');
    const other = Buffer.from(signature, 'base64url').reverse().toString('base64url');
    return Response.json({ ...body, id_token: `${head}.${claims}.${other}` });
  });
  try {
    const { url, flow } = await begin();
    const answer = await walk(url, 'mallory');
    const signedIn = await ask('/api/openid/finish', { flow, answer, label: 'Firefox' });
    expect(signedIn).toMatchObject({ status: 401, body: { code: 'identity_refused' } });
    expect(forged).toBe(1);
  } finally {
    vi.unstubAllGlobals();
  }
});

test('strangers who begin sign-ins and never finish do not evict one in progress', async () => {
  const openId = { issuer: provider.issuer, ...testClient, name: 'Elsewhere' };
  const small = await TestPlace.start({ openId, publicUrl: () => publicUrl, limits: { openIdFlowsMax: 2 } });
  const begun = async () =>
    (await (await small.rest('POST', '/api/openid')).json()) as { readonly url: string; readonly flow: string };
  const { url, flow } = await begun();
  for (let count = 0; count < 5; count += 1) await begun();
  const answer = await walk(url, 'cat');
  expect((await small.rest('POST', '/api/openid/finish', { flow, answer })).status).toBe(200);
  await small.stop();
});

test('a server without a provider refuses to begin a sign-in', async () => {
  const plain = await TestPlace.start();
  expect((await plain.rest('POST', '/api/openid')).status).toBe(404);
  expect(await (await plain.rest('GET', '/api/server')).json()).toMatchObject({ openId: null });
  await plain.stop();
});

test('an unreachable provider causes a refusal, and the server keeps running', async () => {
  const openId = { issuer: 'http://127.0.0.1:1', clientId: 'x', clientSecret: 'y', name: 'Gone' };
  const gone = await TestPlace.start({ openId });
  const answer = await gone.rest('POST', '/api/openid');
  expect([answer.status, ((await answer.json()) as { readonly code: string }).code]).toEqual([503, 'busy']);
  await gone.stop();
});
