import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { exportJWK, generateKeyPair, type JWTHeaderParameters, SignJWT, UnsecuredJWT } from 'jose';
import { afterEach, beforeAll, expect, test, vi } from 'vitest';
import { TestPlace } from './test-place.js';

/* People of a host application, by tokens that it signs: accepted in the configured form, refused in every other. */

const issuer = 'https://host.example.org';
const audience = 'chat';
const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2_048 });
const spki = publicKey.export({ type: 'spki', format: 'pem' }).toString();
/** A key that the server does not know. */
let foreign: CryptoKey;
let place: TestPlace;
beforeAll(async () => {
  foreign = (await generateKeyPair('RS256')).privateKey;
});
afterEach(() => place.stop());

const jwt = { algorithm: 'RS256', issuer, audience, key: { kind: 'spki', text: spki } } as const;

/** Returns a valid token that is not signed yet, changed by these claims and headers. */
function claims(more: Record<string, unknown> = {}, header: JWTHeaderParameters = { alg: 'RS256' }): SignJWT {
  const token = new SignJWT({ name: 'Ann 陈', preferred_username: 'ann', ...more }).setProtectedHeader(header);
  return token.setIssuer(issuer).setAudience(audience).setSubject('42').setIssuedAt().setExpirationTime('10m');
}

const sign = (more?: Record<string, unknown>): Promise<string> => claims(more).sign(privateKey);

async function me(token: string): Promise<{ readonly status: number; readonly me?: Record<string, unknown> }> {
  const response = await place.rest('GET', '/api/me', undefined, token);
  return { status: response.status, ...((await response.json()) as object) };
}

test('a valid token creates a person at first use, and name and picture follow the token', async () => {
  place = await TestPlace.start({ jwt });
  const picture = 'https://host.example.org/ann.png';
  expect((await me(await sign())).me).toEqual({ id: 1, name: 'ann', displayName: 'Ann 陈' });
  const changed = { id: 1, name: 'ann', displayName: 'Ann B.', avatar: picture };
  expect((await me(await sign({ name: 'Ann B.', picture, preferred_username: 'other' }))).me).toEqual(changed);
  expect((await me(await sign({ name: '\u202e', picture: 'javascript:alert(1)' }))).me).toEqual(changed);
  const session = await place.connect({ id: 1, name: 'ann', token: await sign() });
  await session.ok({ command: 'createGroup', name: 'Reading', users: [] });
  expect(await place.store.countUsers()).toBe(1);
});

test('white space around a shared secret is ignored', async () => {
  const secret = 'ab'.repeat(16);
  const key = { kind: 'secret', text: ` ${secret}\r\n` } as const;
  place = await TestPlace.start({ jwt: { ...jwt, algorithm: 'HS256', key } });
  const token = await claims({}, { alg: 'HS256' }).sign(Buffer.from(secret));
  expect((await me(token)).status).toBe(200);
});

test('a taken name stays with its owner, and no one can log in to an account without a password', async () => {
  place = await TestPlace.start({ jwt });
  const { id } = await place.register('ann');
  const signedIn = (await me(await sign())).me as { readonly id: number; readonly name: string };
  expect(signedIn.name).toMatch(/^ann-[0-9a-f]{8}$/);
  expect(signedIn.id).not.toBe(id);
  const login = await place.rest('POST', '/api/login', { name: 'ann', password: '' });
  expect(login.status).toBe(401);
});

test('a reserved name such as Everyone gets a suffix, like a taken one', async () => {
  place = await TestPlace.start({ jwt });
  const { name } = (await me(await sign({ preferred_username: 'Everyone' }))).me as { readonly name: string };
  expect(name).toMatch(/^Everyone-[0-9a-f]{8}$/);
});

test('[A4] tokens with alg none, another algorithm, key, issuer or audience, or without an expiry, are refused', async () => {
  place = await TestPlace.start({ jwt });
  const [header, payload = ''] = (await sign()).split('.');
  const changed = Buffer.from(JSON.stringify({ sub: '1', iss: issuer, aud: audience, exp: 9e9 })).toString('base64url');
  const hmac = new TextEncoder().encode(spki);
  const refused: Record<string, string> = {
    none: new UnsecuredJWT({})
      .setIssuer(issuer)
      .setAudience(audience)
      .setSubject('42')
      .setExpirationTime('9m')
      .encode(),
    'RS to HS': await claims({}, { alg: 'HS256' }).sign(hmac),
    'other key': await claims().sign(foreign),
    'kid as a path': await claims({}, { alg: 'RS256', kid: '../../dev/null' }).sign(foreign),
    jku: await claims({}, { alg: 'RS256', jku: 'https://evil.example/keys' }).sign(foreign),
    'own jwk': await claims({}, { alg: 'RS256', jwk: await exportJWK(publicKey) }).sign(foreign),
    issuer: await claims().setIssuer('https://evil.example').sign(privateKey),
    audience: await claims().setAudience('other').sign(privateKey),
    expired: await claims().setExpirationTime('-1m').sign(privateKey),
    'not yet': await claims().setNotBefore('5m').sign(privateKey),
    'no end': await new SignJWT({})
      .setProtectedHeader({ alg: 'RS256' })
      .setIssuer(issuer)
      .setAudience(audience)
      .setSubject('4')
      .sign(privateKey),
    'no subject': await claims().setSubject('').sign(privateKey),
    changed: `${header}.${changed}.${payload}`,
    long: `${await sign()}${'a'.repeat(5_000)}`,
  };
  for (const [name, token] of Object.entries(refused)) expect([name, (await me(token)).status]).toEqual([name, 401]);
  expect(await place.store.countUsers()).toBe(0);
  expect((await me(await sign())).status).toBe(200);
});

test('the tolerated clock difference of the signer is a limit', async () => {
  const late = await claims().setExpirationTime('-1m').sign(privateKey);
  for (const [clockToleranceSeconds, status] of [
    [30, 401],
    [90, 200],
  ] as const) {
    place = await TestPlace.start({ jwt, limits: { clockToleranceSeconds } });
    expect((await me(late)).status).toBe(status);
    if (status === 401) await place.stop();
  }
});

test('[A4] a token issued in the future, beyond the allowed clock difference, is refused by REST and by sessions', async () => {
  place = await TestPlace.start({ jwt });
  const issuedIn = (seconds: number): Promise<string> =>
    claims()
      .setIssuedAt(Math.floor(Date.now() / 1_000) + seconds)
      .setExpirationTime('1h')
      .sign(privateKey);
  const early = await issuedIn(600);
  expect((await me(early)).status).toBe(401);
  await expect(place.open({ id: 1, name: 'ann', token: early }).opened).rejects.toThrow('unauthorized');
  const token = await issuedIn(3);
  expect((await me(token)).status).toBe(200);
  expect((await place.rest('POST', '/api/logout', undefined, token)).status).toBe(204);
  // Also where the signer's clock is ahead: the token's own sign-out ends it.
  expect([(await me(token)).status, (await me(early)).status]).toEqual([401, 401]);
});

test('[A4] signing out everywhere refuses tokens signed before by a clock that is ahead', async () => {
  place = await TestPlace.start({ jwt, limits: { clockToleranceSeconds: 30 } });
  const issuedIn = (seconds: number): Promise<string> =>
    claims()
      .setIssuedAt(Math.floor(Date.now() / 1_000) + seconds)
      .sign(privateKey);
  const [ahead, here] = [await issuedIn(20), await issuedIn(0)];
  expect([(await me(ahead)).status, (await me(here)).status]).toEqual([200, 200]);
  expect((await place.rest('POST', '/api/logout', { everywhere: true }, here)).status).toBe(204);
  expect([(await me(ahead)).status, (await me(here)).status]).toEqual([401, 401]);
});

test('without a configured key no signed token is accepted', async () => {
  place = await TestPlace.start();
  expect((await me(await sign())).status).toBe(401);
});

test("while the host application's keys cannot be fetched, no one is signed out", async () => {
  const jwk = { ...(await exportJWK(publicKey)), kid: 'one', alg: 'RS256' };
  const keys = createServer((_request, response) => response.end(JSON.stringify({ keys: [jwk] })));
  await new Promise<void>((resolve) => keys.listen(0, '127.0.0.1', resolve));
  const { port } = keys.address() as AddressInfo;
  const away = (): Promise<void> =>
    new Promise((resolve) => {
      keys.close(() => resolve());
      keys.closeAllConnections();
    });
  place = await TestPlace.start({ jwt: { ...jwt, key: { kind: 'jwksUrl', url: `http://127.0.0.1:${port}` } } });
  const of = (kid: string): Promise<string> =>
    claims({}, { alg: 'RS256', kid }).setExpirationTime('1h').sign(privateKey);
  const [known, unknown] = [await of('one'), await of('two')];
  expect((await me(known)).status).toBe(200);
  await away();
  vi.useFakeTimers({ toFake: ['Date', 'performance'], now: Date.now() });
  vi.advanceTimersByTime(11 * 60_000);
  try {
    expect((await me(known)).status).toBe(200);
    await place.connect({ id: 1, name: 'ann', token: known });
    // Whether the token is valid can only be decided once the keys are available again.
    const busy = await place.rest('GET', '/api/me', undefined, unknown);
    expect([busy.status, await busy.json()]).toMatchObject([503, { code: 'busy', retryable: true }]);
    expect(place.lines.filter((line) => line.includes('keys of signed tokens'))).toHaveLength(1);
  } finally {
    vi.useRealTimers();
  }
});

test('the key may be a key set or a shared secret of 32 bytes', async () => {
  const jwk = { ...(await exportJWK(publicKey)), kid: 'one', alg: 'RS256' };
  place = await TestPlace.start({ jwt: { ...jwt, key: { kind: 'jwks', text: JSON.stringify({ keys: [jwk] }) } } });
  const token = await claims({}, { alg: 'RS256', kid: 'one' }).sign(privateKey);
  expect((await me(token)).status).toBe(200);
  await place.stop();
  const text = 'x'.repeat(32);
  const hs = { ...jwt, algorithm: 'HS256', key: { kind: 'secret', text } } as const;
  place = await TestPlace.start({ jwt: hs });
  const signed = await claims({}, { alg: 'HS256' }).sign(new TextEncoder().encode(text));
  expect([(await me(signed)).status, (await me(await sign())).status]).toEqual([200, 401]);
  const short = TestPlace.start({ jwt: { ...hs, key: { kind: 'secret', text: 'short' } } });
  await expect(short).rejects.toThrow('must have at least 32 bytes');
  await expect(TestPlace.start({ jwt: { ...hs, key: jwt.key } })).rejects.toThrow('HS256 takes a secret');
  const unusable = [
    { ...jwt, algorithm: 'ES256' } as const,
    { ...jwt, key: { kind: 'jwks', text: '{"key":' } } as const,
  ];
  for (const options of unusable) {
    const refusal = { code: 'jwt_key_unusable', message: expect.stringContaining(options.algorithm) };
    await expect(TestPlace.start({ jwt: options })).rejects.toMatchObject(refusal);
  }
});

test('[SN-21.8] [SN-21.9] the expiry of a token ends its session, and signing out ends all tokens signed before', async () => {
  place = await TestPlace.start({ jwt, wire: { limits: { suspendedMs: 50, renewAgainMs: 50 } } });
  const brief = await claims()
    .setExpirationTime(Math.floor(Date.now() / 1_000) + 2)
    .sign(privateKey);
  const session = await place.connect({ id: 1, name: 'ann', token: brief });
  expect(await session.closed).toBe('expired');
  const token = await sign();
  const [first, second] = [
    await place.connect({ id: 1, name: 'ann', token }),
    await place.connect({ id: 1, name: 'ann', token: await sign({ x: 1 }) }),
  ];
  expect((await place.rest('POST', '/api/logout', undefined, token)).status).toBe(204);
  expect([await first.closed, await second.closed]).toEqual(['revoked', 'revoked']);
  expect((await me(token)).status).toBe(401);
  const later = await claims()
    .setIssuedAt(Math.floor(Date.now() / 1_000) + 2)
    .sign(privateKey);
  expect((await me(later)).status).toBe(200);
});

test('[SN-21.9] a session that was renewed with another token ends when that token is signed out', async () => {
  place = await TestPlace.start({ jwt, limits: { clockToleranceSeconds: 0 } });
  const first = await claims()
    .setExpirationTime(Date.now() / 1_000 + 1)
    .sign(privateKey);
  const second = await sign({ device: 'the same' });
  const handed: string[] = [];
  const session = await place.connect({
    id: 1,
    name: 'ann',
    get token() {
      handed.push(handed.length === 0 ? first : second);
      return handed.at(-1) ?? '';
    },
  });
  await expect.poll(async () => (await me(first)).status).toBe(401);
  // The session is now based on the second token only.
  await session.settle();
  expect(new Set(handed)).toEqual(new Set([first, second]));
  expect((await place.rest('POST', '/api/logout', undefined, second)).status).toBe(204);
  expect(await session.closed).toBe('revoked');
});

test('[A7] the cookie for files works for people with signed tokens, and ends with the token and with their sign-out', async () => {
  const filesDirectory = mkdtempSync(join(tmpdir(), 'everywire-signed-'));
  try {
    place = await TestPlace.start({ jwt, filesDirectory, limits: { clockToleranceSeconds: 0 } });
    const token = await sign();
    const headers = { authorization: `Bearer ${token}`, 'tus-resumable': '1.0.0', 'upload-length': '1' };
    const begun = await fetch(`${place.url}/api/files/uploads`, {
      method: 'POST',
      body: 'x',
      headers: { ...headers, 'content-type': 'application/offset+octet-stream' },
    });
    const file = `/api/files/${begun.headers.get('location')?.split('/').at(-1)}`;
    expect((await place.rest('POST', file, undefined, token)).status).toBe(200);
    const cookieOf = async (signed: string): Promise<string> => {
      const given = await place.rest('POST', '/api/files/cookie', undefined, signed);
      return given.headers.get('set-cookie')?.split('; ')[0] ?? '';
    };
    const readWith = async (cookie: string): Promise<number> =>
      (await fetch(place.url + file, { headers: { cookie } })).status;
    const cookie = await cookieOf(token);
    expect(await readWith(cookie)).toBe(200);
    expect((await fetch(`${place.url}/api/me`, { headers: { cookie } })).status).toBe(401);
    const brief = await cookieOf(
      await claims()
        .setExpirationTime(Math.floor(Date.now() / 1_000) + 2)
        .sign(privateKey),
    );
    await expect.poll(() => readWith(brief)).toBe(401);
    expect(await readWith(cookie)).toBe(200);
    await place.rest('POST', '/api/logout', undefined, token);
    expect(await readWith(cookie)).toBe(401);
  } finally {
    await place.stop();
    rmSync(filesDirectory, { recursive: true });
    place = await TestPlace.start();
  }
});

test('[SN-20.2] [A5] no signed token appears in the log, even if it was put into the path', async () => {
  place = await TestPlace.start({ jwt });
  const token = await sign();
  await place.rest('GET', `/${token}`);
  await me(token);
  expect(place.lines.join('\n')).not.toContain(token.split('.')[2]?.slice(0, 20));
});
