// Over 300 lines, because the table has an entry for each route.
import {
  answerFaults,
  type ChatServerServices,
  type RestRoute,
  refusalsOf,
  restRoutes,
} from '@everywire/chat-server/internal';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { outcomesOf } from './outcomes.js';
import { type TestPerson, TestPlace } from './test-place.js';

/*
 * Tries every route of the REST interface as every kind of person. The table of routes is the server's own, so a new
 * route must get a trial here.
 */

/** `suspended` uses a token from before the suspension. It is always refused, like a missing token. */
const everyone: readonly Who[] = ['anonymous', 'suspended', 'other', 'guest', 'member', 'administrator'];
type Who = 'anonymous' | 'suspended' | 'other' | 'guest' | 'member' | 'administrator';
type Trial = {
  readonly path?: (scene: Scene) => string | Promise<string>;
  readonly body?: (scene: Scene) => unknown;
  /** The status of a success, or the code of a refusal. */
  readonly expected: Readonly<Record<Who, number | string>>;
};

/** A server with a user of each kind. */
interface Scene {
  readonly place: TestPlace;
  readonly people: Readonly<Record<Exclude<Who, 'anonymous'>, TestPerson>>;
  /** Another suspended account, for the trials of administrators. */
  readonly pawn: TestPerson;
  /** Secrets of an invitation for accounts and of one for guests. */
  readonly secret: { readonly account: string; readonly guest: string };
  /** Returns a new user name. */
  readonly name: () => string;
  /** A conversation that only the member is in. */
  readonly notes: number;
}

const password = 'correct horse';
/** The e-mail address of the member, which no one else may see. */
const secretText = 'only-for-the-member@example.org';
// Expected outcomes by kind of user.
const anyone = (outcome: number | string): Trial['expected'] => ({
  anonymous: outcome,
  suspended: outcome,
  other: outcome,
  guest: outcome,
  member: outcome,
  administrator: outcome,
});
const people = (outcome: number | string): Trial['expected'] => ({
  ...anyone(outcome),
  anonymous: 'unauthenticated',
  suspended: 'unauthenticated',
});
const members = (outcome: number | string): Trial['expected'] => ({ ...people(outcome), guest: 'denied' });
const administrators = (outcome: number | string): Trial['expected'] => ({
  ...members('denied'),
  administrator: outcome,
});

/** Each route with an example of its request and the expected outcomes. */
const trials: Readonly<Record<string, Trial>> = {
  'GET /api/server': { expected: anyone(200) },
  'GET /api/openapi.json': { expected: anyone(200) },
  'POST /api/register': { body: ({ name }) => ({ name: name(), password }), expected: anyone(201) },
  'POST /api/login': { body: () => ({ name: 'member', password }), expected: anyone(200) },
  'POST /api/link': { body: ({ secret }) => ({ secret: secret.account }), expected: anyone(200) },
  'POST /api/group-link': {
    body: () => ({ conversation: 1, secret: '0'.repeat(32) }),
    expected: anyone('not_found'),
  },
  'POST /api/setup': {
    body: ({ name }) => ({ secret: 'ewl_none', name: name(), password }),
    expected: anyone('link_ended'),
  },
  'POST /api/join': {
    body: ({ secret, name }) => ({ secret: secret.account, name: name(), password }),
    expected: anyone(201),
  },
  'POST /api/guest': { body: ({ secret }) => ({ secret: secret.guest, displayName: 'G' }), expected: anyone(201) },
  'POST /api/reset': { body: () => ({ who: 'member' }), expected: anyone(202) },
  'POST /api/reset/finish': { body: () => ({ secret: 'ewl_none', password }), expected: anyone('link_ended') },
  'POST /api/openid': { expected: anyone('not_found') },
  'POST /api/openid/finish': { body: () => ({ flow: 'x', answer: 'code=x' }), expected: anyone('not_found') },
  'GET /api/me': { expected: people(200) },
  'PATCH /api/me': { body: () => ({ status: 'here' }), expected: people(200) },
  'PUT /api/me/avatar': { body: () => ({ file: '0'.repeat(32) }), expected: people('not_found') },
  'DELETE /api/me/avatar': { expected: people(200) },
  'GET /api/account': { expected: people(200) },
  'GET /api/device': { expected: people(200) },
  'GET /api/devices': { expected: people(200) },
  'DELETE /api/devices/:id': {
    path: async (of) => `/api/devices/${await deviceOf(of)}`,
    expected: { ...people('not_found'), member: 204 },
  },
  'DELETE /api/devices': { expected: people(204) },
  'POST /api/logout': { expected: people(204) },
  'POST /api/upgrade': {
    body: ({ name }) => ({ name: name(), password }),
    expected: { ...people('denied'), guest: 200 },
  },
  'POST /api/password': { body: () => ({ current: password, next: password }), expected: members(204) },
  'POST /api/email': { body: () => ({ email: 'x@example.org', password }), expected: members(204) },
  'POST /api/email/code': { expected: members('not_found') },
  'POST /api/email/confirm': { body: () => ({ code: 'none' }), expected: members('code_wrong') },
  'POST /api/second-factor': { body: () => ({ password }), expected: members(200) },
  'POST /api/second-factor/confirm': { body: () => ({ code: '000000x' }), expected: members('code_wrong') },
  'POST /api/second-factor/remove': { body: () => ({ password, code: '' }), expected: members(204) },
  'POST /api/setup/claim': { body: () => ({ secret: 'ewl_none' }), expected: members('link_ended') },
  'POST /api/invitations': { body: () => ({ kind: 'guest', usesMax: 1, days: 1 }), expected: members(201) },
  'GET /api/invitations': { expected: members(200) },
  'DELETE /api/invitations/:id': {
    path: async (of) => `/api/invitations/${await invitationOf(of)}`,
    expected: { ...members('not_found'), member: 204, administrator: 204 },
  },
  // The remaining permissions are tested in `live-routes.test.ts`.
  'POST /api/typing': {
    body: ({ notes }) => ({ conversation: notes, typing: true }),
    expected: { ...people('not_found'), member: 204 },
  },
  'GET /api/presence': {
    path: ({ people: { member } }) => `/api/presence?users=${member.id}`,
    expected: people(200),
  },
  'GET /api/settings': { expected: administrators(200) },
  'PATCH /api/settings': { body: () => ({ registration: null }), expected: administrators(200) },
  'GET /api/counters': { expected: administrators(200) },
  'GET /api/people': { expected: administrators(200) },
  'GET /api/people/:id/devices': {
    path: ({ people: { other } }) => `/api/people/${other.id}/devices`,
    expected: administrators(200),
  },
  'POST /api/people/:id/suspend': {
    path: ({ pawn }) => `/api/people/${pawn.id}/suspend`,
    expected: administrators(200),
  },
  'POST /api/people/:id/reactivate': {
    path: ({ pawn }) => `/api/people/${pawn.id}/reactivate`,
    expected: administrators(200),
  },
  'POST /api/people/:id/sign-out': {
    path: ({ pawn }) => `/api/people/${pawn.id}/sign-out`,
    expected: administrators(204),
  },
  'DELETE /api/people/:id': {
    path: async ({ place, name }) => `/api/people/${(await place.register(name())).id}?texts=keep`,
    expected: administrators(204),
  },
  'PATCH /api/people/:id/role': {
    path: ({ people: { other } }) => `/api/people/${other.id}/role`,
    body: () => ({ role: 'member' }),
    expected: administrators(200),
  },
  'POST /api/people/:id/reset-link': {
    path: ({ people: { other } }) => `/api/people/${other.id}/reset-link`,
    expected: administrators(201),
  },
};

const all = restRoutes({} as ChatServerServices);
/** Commands by REST are tried in `rest-commands.test.ts`. */
const routes = all.filter((route) => !route.path.startsWith('/api/commands/'));
const keyOf = (route: RestRoute): string => `${route.method} ${route.path}`;

let scene: Scene;
/** Creates the scene, with rate limits that are not reached. */
async function start(): Promise<void> {
  const wide = {
    signInsPerMinute: 10_000,
    restRequestsPerMinute: 10_000,
    attemptsPerName: 10_000,
    codesPerPerson: 100,
  };
  const place = await TestPlace.start({ limits: wide });
  const administrator = await place.setUp();
  const [member, other] = [await place.register('member'), await place.register('other')];
  await place.store.changeUser(member.id, { email: secretText });
  const [pawn, suspended] = [await place.register('pawn'), await place.register('suspended')];
  await place.store.suspendUser(suspended.id, Date.now());
  const secret = {
    account: await place.invite(member, 'account', 999),
    guest: await place.invite(member, 'guest', 999),
  };
  const { conversation: notes } = await (await place.connect(member)).ok({ command: 'createNotes' });
  let names = 0;
  scene = {
    place,
    people: { administrator, member, other, suspended, guest: await place.guest(secret.guest) },
    secret,
    notes,
    pawn,
    name: () => {
      names += 1;
      return `new-${names}`;
    },
  };
}

/** Signs the member in on another device and returns its id. */
async function deviceOf({ place, people: { member } }: Scene): Promise<string> {
  const signedIn = await place.rest('POST', '/api/login', { name: member.name, password });
  const { token } = (await signedIn.json()) as { readonly token: string };
  const listed = await place.rest('GET', '/api/devices', undefined, token);
  const { devices } = (await listed.json()) as {
    readonly devices: readonly { readonly id: string; readonly current: boolean }[];
  };
  return devices.find((device) => device.current)?.id ?? '';
}

/** Creates an invitation of the member and returns its id. */
async function invitationOf(of: Scene): Promise<string> {
  const body = { kind: 'guest', usesMax: 1, days: 1 };
  const made = await of.place.rest('POST', '/api/invitations', body, await tokenOf('member'));
  return ((await made.json()) as { readonly invitation: { readonly id: string } }).invitation.id;
}

/** Creates a new sign-in for each try, because some tries end it. */
async function tokenOf(who: Who): Promise<string | undefined> {
  const { place, people: known, secret } = scene;
  if (who === 'anonymous') return undefined;
  if (who === 'suspended') return known.suspended.token;
  if (who === 'guest') return (await place.guest(secret.guest)).token;
  const answer = await place.rest('POST', '/api/login', { name: known[who].name, password });
  return ((await answer.json()) as { readonly token: string }).token;
}

/** Returns the code of a refusal, the status of a success, or the faults of the answer. */
async function outcomeFor(who: Who, key: string, route: RestRoute): Promise<unknown> {
  const trial = trials[key];
  if (trial === undefined) return 'is not tried';
  const path = (await trial.path?.(scene)) ?? route.path;
  const answer = await scene.place.rest(route.method, path, trial.body?.(scene), await tokenOf(who));
  const text = await answer.text();
  const body: unknown = text === '' ? null : JSON.parse(text);
  const code = (body as { readonly code?: string } | null)?.code;
  if (who !== 'member' && text.includes(secretText)) return 'received the address of the member';
  if (code === undefined && answer.status !== route.status) return `${answer.status} instead of ${route.status}`;
  if (route.answer === undefined && code === undefined && text !== '') return 'has a body';
  const faults = answerFaults(route, answer.status, body);
  return faults.length > 0 ? faults : (code ?? answer.status);
}

beforeAll(start);
afterAll(() => scene.place.stop());

test('every route is tried, and is described with its parameters and whether it needs a token', async () => {
  expect(Object.keys(trials).sort()).toEqual(routes.map(keyOf).sort());
  const answer = await scene.place.rest('GET', '/api/openapi.json');
  const document = (await answer.json()) as {
    readonly openapi: string;
    readonly paths: Readonly<
      Record<string, Readonly<Record<string, { readonly requestBody?: object; readonly security?: object[] }>>>
    >;
  };
  expect(document.openapi).toBe('3.1.0');
  const described = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method.toUpperCase()} ${path.replace(/\{(\w+)\}/g, ':$1')}`),
  );
  expect(described.sort()).toEqual(all.map(keyOf).sort());
  for (const route of all) {
    const operation = document.paths[route.path.replace(/:(\w+)/g, '{$1}')]?.[route.method.toLowerCase()];
    expect([keyOf(route), operation?.requestBody !== undefined]).toEqual([keyOf(route), route.body !== undefined]);
    expect([keyOf(route), operation?.security]).toEqual([
      keyOf(route),
      route.right === 'anyone' ? undefined : [{ bearer: [] }],
    ]);
  }
});

test('a signed-in person gets 401 only if the sign-in has ended', () => {
  for (const route of all.filter(({ right }) => right !== 'anyone'))
    expect([keyOf(route), refusalsOf(route).get(401)]).toEqual([keyOf(route), ['unauthenticated']]);
});

test('the description is also served as a page without scripts, under the strict policy', async () => {
  const page = await scene.place.rest('GET', '/api/docs');
  const html = await page.text();
  expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
  expect(html).not.toMatch(/<script|style=| on\w+=/);
  for (const { path, summary } of all)
    expect(html).toContain(path.includes(':id') ? '{id}' : `${path}</h2>\n<p>${summary}`);
  expect((await scene.place.rest('GET', '/api/docs.css')).headers.get('content-type')).toContain('text/css');
});

const rows = routes.map((route) => [keyOf(route), route] as const);
test.each(rows)('[A8] %s is allowed only to those with the right', async (key, route) => {
  expect(await outcomesOf(everyone, (who) => outcomeFor(who, key, route))).toEqual(trials[key]?.expected);
});

test.each(rows.filter(([, { body }]) => body !== undefined))(
  '[A9] [A10] %s refuses undeclared fields and bodies of other types',
  async (key, route) => {
    const token = await tokenOf('administrator');
    const body = { ...(trials[key]?.body?.(scene) as object), isAdmin: true };
    const path = (await trials[key]?.path?.(scene)) ?? route.path;
    const wrong = [body, [], 'text', { $gt: '' }, 7].map((each) => JSON.stringify(each));
    const statuses = await outcomesOf(wrong, async (each) => {
      const answer = await scene.place.rest(route.method, path, JSON.parse(each), token);
      return answer.status;
    });
    expect(statuses).toEqual(Object.fromEntries(wrong.map((each) => [each, 400])));
  },
);
