// Over 300 lines: all routes for accounts, tested with the same kind of server.
import type { AddressInfo } from 'node:net';
import { chatErrorCodes, errorSentence, type RestErrorCode } from '@everywire/chat';
import { MemoryAccounts, MemoryStore } from '@everywire/store-memory';
import { afterEach, expect, test } from 'vitest';
import { type ChatServer, type ChatServerOptions, createChatServer } from './chat-server.js';

// Tests the REST routes for accounts (register, log in, profile, password) of a running server.

/** The cheapest cost of password hashes, so that the tests are fast. */
const cheap = { memoryKib: 256, passes: 1 };
/** The settings of the server that users see. */
const place = { name: '小院', runBy: 'Ada', registration: 'open', version: '0.0.0' } as const;
const ada = { name: 'ada', password: 'correct horse' };
const running: ChatServer[] = [];
afterEach(async () => {
  for (const server of running.splice(0)) await server.close();
});

/** The union of all answer bodies; each test reads the fields it expects. */
interface ApiBody {
  readonly me: { readonly id: number };
  readonly token: string;
  readonly code: string;
  readonly text: string;
}

/** A running server. `lines` is its log; `call` sends one request. */
interface Api {
  readonly url: string;
  readonly lines: string[];
  call(
    method: string,
    path: string,
    options?: { readonly body?: unknown; readonly token?: string; readonly headers?: Record<string, string> },
  ): Promise<{ readonly status: number; readonly body: ApiBody; readonly headers: Headers }>;
}

async function start(options: Partial<ChatServerOptions> = {}): Promise<Api> {
  const lines: string[] = [];
  const note = (line: string): void => {
    lines.push(line);
  };
  const server = await createChatServer({
    store: new MemoryStore({ epoch: '0123456789abcdef' }),
    accounts: new MemoryAccounts(),
    place,
    passwordCost: cheap,
    log: { debug: note, info: note, warn: note, error: note },
    ...options,
  });
  running.push(server);
  const { port } = (await server.listen({ port: 0, host: '127.0.0.1' })) satisfies AddressInfo;
  const url = `http://127.0.0.1:${port}`;
  return {
    url,
    lines,
    call: async (method, path, { body, token, headers } = {}) => {
      const response = await fetch(url + path, {
        method,
        headers: {
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
          ...headers,
        },
        ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      });
      const text = await response.text();
      return { status: response.status, body: text === '' ? null : JSON.parse(text), headers: response.headers };
    },
  };
}

test('a user can register, log in, read their profile and log out', async () => {
  const api = await start();
  const registered = await api.call('POST', '/api/register', { body: { ...ada, displayName: 'Ada  Lovelace' } });
  expect(registered.status).toBe(201);
  expect(registered.body.me).toEqual({ id: 1, name: 'ada', displayName: 'Ada Lovelace' });
  const { token } = (await api.call('POST', '/api/login', { body: { ...ada, name: 'ADA' } })).body;
  expect(token).not.toBe(registered.body.token);
  expect((await api.call('GET', '/api/me', { token })).body).toEqual({ me: registered.body.me });
  expect((await api.call('POST', '/api/logout', { token })).status).toBe(204);
  expect((await api.call('GET', '/api/me', { token })).body.code).toBe('unauthenticated');
  expect((await api.call('GET', '/api/me', { token: registered.body.token })).status).toBe(200);
});

test('logging out everywhere ends every sign-in of that user only', async () => {
  const api = await start();
  const first = (await api.call('POST', '/api/register', { body: ada })).body.token;
  const second = (await api.call('POST', '/api/login', { body: ada })).body.token;
  const bob = (await api.call('POST', '/api/register', { body: { ...ada, name: 'bob' } })).body.token;
  await api.call('POST', '/api/logout', { token: first, body: { everywhere: true } });
  expect((await api.call('GET', '/api/me', { token: second })).status).toBe(401);
  expect((await api.call('GET', '/api/me', { token: bob })).status).toBe(200);
});

test('changing the password ends the other sign-ins and keeps the current one', async () => {
  const api = await start();
  const other = (await api.call('POST', '/api/register', { body: ada })).body.token;
  const { token } = (await api.call('POST', '/api/login', { body: ada })).body;
  const wrong = { current: 'not that one', next: 'battery staple' };
  expect(await api.call('POST', '/api/password', { token, body: wrong })).toMatchObject({
    ...{ status: 403, body: { code: 'password_wrong', retryable: false } },
  });
  const right = { current: ada.password, next: 'battery staple' };
  expect((await api.call('POST', '/api/password', { token, body: right })).status).toBe(204);
  expect((await api.call('GET', '/api/me', { token })).status).toBe(200);
  expect((await api.call('GET', '/api/me', { token: other })).status).toBe(401);
  expect((await api.call('POST', '/api/login', { body: ada })).body.code).toBe('credentials_wrong');
  expect((await api.call('POST', '/api/login', { body: { ...ada, password: right.next } })).status).toBe(200);
});

test.each([
  [{ name: 'a', password: 'correct horse' }, 'name_invalid'],
  [{ name: 'ada', password: 'short' }, 'password_invalid'],
  [{ name: 'ada', password: 'x'.repeat(257) }, 'password_invalid'],
  [{ name: 'ada', password: 'correct horse \ud800' }, 'invalid'],
  [{ name: 'ada', displayName: 'Ada \ud83d', password: 'correct horse' }, 'invalid'],
  [{ name: 'me', password: 'correct horse' }, 'name_taken'],
  [{ name: 'ＡＬＬ', password: 'correct horse' }, 'name_taken'],
  [{ name: '全体成员', password: 'correct horse' }, 'name_taken'],
  [{ name: 'ada', displayName: '\u202e', password: 'correct horse' }, 'name_invalid'],
  [{ name: 'ada' }, 'invalid'],
  [{ name: 'ada', password: 'correct horse', admin: true }, 'invalid'],
  [{ name: ['ada'], password: 'correct horse' }, 'invalid'],
  ['{', 'invalid'],
  [{ name: 'ada', password: 'x'.repeat(9_000) }, 'too_long'],
])('registering %j is refused with %s', async (body, code) => {
  const api = await start();
  const answer = await api.call('POST', '/api/register', { body });
  const known = chatErrorCodes[code as RestErrorCode];
  const text = expect.stringContaining(errorSentence(code as RestErrorCode, 'en'));
  expect(answer.body).toEqual({ code, retryable: known.retryable, text });
  expect(answer.status).toBe(known.httpStatus);
});

test('the server publishes and enforces the length limits of names, status and passwords', async () => {
  const limits = {
    ...{ nameCharactersMin: 3, nameCharactersMax: 8, displayNameCharactersMax: 10, statusCharactersMax: 5 },
    passwordCharactersMax: 13,
  };
  const api = await start({ limits });
  expect((await api.call('GET', '/api/server')).body).toMatchObject(limits);
  const register = async (changed: object) =>
    (await api.call('POST', '/api/register', { body: { ...ada, ...changed } })).body.code;
  expect(await register({ name: 'al' })).toBe('name_invalid');
  expect(await register({ name: 'lovelaces' })).toBe('name_invalid');
  expect(await register({ displayName: 'Countess of' })).toBe('name_invalid');
  expect(await register({ password: 'correct horses' })).toBe('password_invalid');
  const { token } = (await api.call('POST', '/api/register', { body: ada })).body;
  const status = async (text: string) =>
    (await api.call('PATCH', '/api/me', { token, body: { status: text } })).body.code;
  expect([await status('at sea'), await status('away')]).toEqual(['status_invalid', undefined]);
});

test('the minimum password length is published and applies to new passwords only', async () => {
  const accounts = new MemoryAccounts();
  const [before, api] = [await start({ accounts }), await start({ accounts, limits: { passwordCharactersMin: 14 } })];
  const { token } = (await before.call('POST', '/api/register', { body: ada })).body;
  expect((await before.call('GET', '/api/server')).body).toMatchObject({ passwordCharactersMin: 8 });
  expect((await api.call('GET', '/api/server')).body).toMatchObject({ passwordCharactersMin: 14 });
  expect((await api.call('POST', '/api/login', { body: ada })).status).toBe(200);
  const bob = { name: 'bob', password: ada.password };
  expect((await api.call('POST', '/api/register', { body: bob })).body.code).toBe('password_invalid');
  const next = (words: string) => ({ token, body: { current: ada.password, next: words } });
  expect((await api.call('POST', '/api/password', next('battery 13 ch'))).body.code).toBe('password_invalid');
  expect((await api.call('POST', '/api/password', next('battery staple'))).status).toBe(204);
});

test.each([
  [{ name: 'ada' }, 'body/ must have required properties password'],
  [{ name: ['ada'], password: 'correct horse' }, 'body/name must be string'],
  [{ name: 'ada', password: 'correct horse', admin: true }, 'body/admin must not be there'],
  ['{', 'Body is not valid JSON'],
])('a refused request %j names the invalid part without its value', async (body, fault) => {
  const { text } = (await (await start()).call('POST', '/api/register', { body })).body;
  expect(text).toContain(` (${fault}`);
  expect(text).not.toContain('horse');
});

test('a name is taken regardless of the case and width of its letters', async () => {
  const api = await start();
  await api.call('POST', '/api/register', { body: ada });
  expect((await api.call('POST', '/api/register', { body: { ...ada, name: 'ＡＤＡ' } })).body.code).toBe('name_taken');
});

test('an operator can close registration', async () => {
  const api = await start({ place: { ...place, registration: 'closed' } });
  expect((await api.call('GET', '/api/server')).body).toEqual({
    ...place,
    registration: 'closed',
    ...{ nameCharactersMin: 2, nameCharactersMax: 32, displayNameCharactersMax: 64, statusCharactersMax: 100 },
    ...{ passwordCharactersMin: 8, passwordCharactersMax: 256 },
    openId: null,
    tcp: null,
    passwordReset: 'none',
    hasAdministrator: false,
  });
  expect((await api.call('POST', '/api/register', { body: ada })).body.code).toBe('registration_closed');
});

test('[A1] an unknown name and a wrong password get the same answer', async () => {
  const api = await start();
  await api.call('POST', '/api/register', { body: ada });
  const wrong = await api.call('POST', '/api/login', { body: { ...ada, password: 'wrong wrong' } });
  const unknown = await api.call('POST', '/api/login', { body: { ...ada, name: 'eve' } });
  expect(unknown.body).toEqual(wrong.body);
  expect(unknown.status).toBe(wrong.status);
});

test('logging in rehashes a password that was hashed at another cost', async () => {
  const accounts = new MemoryAccounts();
  await (await start({ accounts })).call('POST', '/api/register', { body: ada });
  const api = await start({ accounts, passwordCost: { memoryKib: 512, passes: 1 } });
  expect((await api.call('POST', '/api/login', { body: ada })).status).toBe(200);
  expect((await accounts.passwordHash('ada'))?.passwordHash).toContain('$m=512,t=1,');
  expect((await api.call('POST', '/api/login', { body: ada })).status).toBe(200);
});

test('attempts at one name are limited from any address, and the refusal says how long to wait', async () => {
  const api = await start({ limits: { attemptsPerName: 2, attemptRefillMs: 60_000 }, wallNow: () => 0 });
  const guess = () => api.call('POST', '/api/login', { body: { name: 'Ada', password: 'guess guess' } });
  expect([(await guess()).status, (await guess()).status]).toEqual([401, 401]);
  const third = await guess();
  expect(third.body).toMatchObject({ code: 'rate_limited', retryable: true, retryAfterMs: 60_000 });
  expect(third.headers.get('retry-after')).toBe('60');
});

test('sign-ins from one address are limited, and a forwarded address counts only from a trusted proxy', async () => {
  const limits = { signInsPerMinute: 2 };
  const body = { name: 'x', password: 'y' };
  const tries = async (api: Api): Promise<number[]> => {
    const statuses: number[] = [];
    for (const address of ['192.0.2.1', '192.0.2.2', '192.0.2.3']) {
      const headers = { 'x-forwarded-for': address };
      statuses.push((await api.call('POST', '/api/login', { body, headers })).status);
    }
    return statuses;
  };
  expect(await tries(await start({ limits }))).toEqual([401, 401, 429]);
  expect(await tries(await start({ limits, trustedProxies: ['127.0.0.1'] }))).toEqual([401, 401, 401]);
});

test('[A3] a flood of log-ins is answered busy immediately, and the server stays reachable', async () => {
  const limits = { passwordHashesAtOnce: 1, passwordHashesQueued: 1, signInsPerMinute: 1_000, attemptsPerName: 1_000 };
  const api = await start({ limits });
  // Far more than can be hashed while they arrive, even on a slow machine.
  const flood = Array.from({ length: 200 }, () => api.call('POST', '/api/login', { body: ada }));
  expect((await api.call('GET', '/healthz')).status).toBe(200);
  const statuses = new Set((await Promise.all(flood)).map((answer) => answer.status));
  expect(statuses).toEqual(new Set([401, 503]));
});

test('[SN-20.2] the log contains no token and no password, not even a token put in the address', async () => {
  const api = await start();
  const { token } = (await api.call('POST', '/api/register', { body: ada })).body;
  await api.call('GET', `/api/me?token=${token}`, { token });
  await api.call('GET', `/${token}`);
  await api.call('POST', '/api/logout', { token });
  const log = api.lines.join('\n');
  expect(log).toContain('POST /api/register 201');
  expect(log).not.toContain(token.slice(4, 20));
  expect(log).not.toContain(ada.password);
});

test('the content security policy lets the page load only from this server', async () => {
  const api = await start();
  const { headers } = await api.call('GET', '/api/server');
  const policy = headers.get('content-security-policy') ?? '';
  const host = new URL(api.url).host;
  expect(policy.split(';')).toEqual([
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    `connect-src 'self' ws://${host} wss://${host}`,
    "img-src 'self' data: blob:",
    "media-src 'self'",
    "font-src 'self'",
    "manifest-src 'self'",
    "worker-src 'self'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ]);
  expect(headers.get('x-content-type-options')).toBe('nosniff');
  expect(headers.get('referrer-policy')).toBe('no-referrer');
  expect(headers.get('cache-control')).toBe('no-store');
});

test('an unknown API address is answered not_found, and a missing page with the command to build it', async () => {
  const api = await start();
  expect((await api.call('GET', '/api/none')).body.code).toBe('not_found');
  const page = await fetch(`${api.url}/`);
  expect([page.status, await page.text()]).toEqual([
    503,
    'The server runs, but the page is not built. Run: npm run build\n',
  ]);
});

test('the health routes report that the server answers and accepts traffic', async () => {
  const api = await start();
  expect((await api.call('GET', '/healthz')).status).toBe(200);
  const ready = await api.call('GET', '/readyz');
  expect([ready.status, ready.headers.get('cache-control')]).toEqual([200, 'no-store']);
});
