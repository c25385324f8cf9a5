// Over 300 lines, because the tests of all routes share one set-up.
import { createHash } from 'node:crypto';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { once } from 'node:events';
import { readdirSync, readlinkSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ChatServerServices, restRoutes } from '@everywire/chat-server/internal';
import { DirectoryFiles } from '@everywire/files-directory';
import type { FastifyInstance, RouteOptions } from 'fastify';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { createScene, type Who as Role, everyone as roles, type Scene } from './command-trials.js';
import { OpenApiDocument } from './openapi-document.js';
import { outcomesOf } from './outcomes.js';
import type { TestPerson } from './test-place.js';

/*
 * Tries every route as every kind of user, except the routes in the table of the REST interface, which
 * `rest-rights.test.ts` and `rest-commands.test.ts` try. Most of these routes concern files. The list of routes comes from
 * Fastify, so a new route without a trial fails here.
 */

const everyone: readonly Who[] = ['anonymous', 'suspended', 'guest', 'administrator', ...roles];
type Who = Role | 'anonymous' | 'suspended' | 'guest' | 'administrator';
/** A request, and its expected status for each kind of user. */
interface Trial {
  readonly route: string;
  /** The kind of target, where a route has several. */
  readonly of?: string;
  /** Creates a new target for each try, because some tries destroy it. */
  readonly path?: () => string | Promise<string>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** The expected status. */
  readonly expected: Readonly<Record<string, number>>;
  /** Whether the cookie for files works like the token. */
  readonly cookie?: boolean;
}

// Expected statuses by kind of user.
const all = (status: number) => Object.fromEntries(everyone.map((who) => [who, status]));
const people = (status: number) => ({ ...all(status), anonymous: 401, suspended: 401 });
/** The member owns the upload. For all others it does not exist. */
const uploader = (status: number) => ({ ...people(404), member: status });
const inside = (status: number) => ({ ...uploader(status), reader: status, admin: status, owner: status });

const tus = { 'tus-resumable': '1.0.0' };
const patch = { ...tus, 'upload-offset': '0', 'content-type': 'application/offset+octet-stream' };
/** Ids of the member's files, by what has become of the message that they were attached to. */
let files: Readonly<Record<'attached' | 'deleted' | 'recalled' | 'unsent', string>>;
/** Path of the member's picture. */
let avatar: string;

const trials: readonly Trial[] = [
  { route: 'GET /', expected: all(503) },
  { route: 'GET /healthz', expected: all(200) },
  { route: 'GET /readyz', expected: all(200) },
  { route: 'GET /api/docs', expected: all(200) },
  { route: 'GET /api/docs.css', expected: all(200) },
  { route: 'OPTIONS /api/files/uploads', expected: all(204) },
  { route: 'POST /api/files/uploads', headers: { ...tus, 'upload-length': '4' }, expected: people(201) },
  { route: 'HEAD /api/files/uploads/:id', path: () => begun(), headers: tus, expected: uploader(200) },
  { route: 'PATCH /api/files/uploads/:id', path: () => begun(), headers: patch, body: 'hers', expected: uploader(204) },
  { route: 'DELETE /api/files/uploads/:id', path: () => begun(), headers: tus, expected: uploader(204) },
  {
    route: 'POST /api/files/:id',
    path: async () => `/api/files/${await uploaded(Buffer.from('hers'))}`,
    expected: uploader(200),
  },
  {
    route: 'POST /api/files/:id',
    of: 'in a message',
    path: () => `/api/files/${files.attached}`,
    expected: uploader(200),
  },
  { route: 'POST /api/files/cookie', expected: people(204) },
  // The guest has no conversation with the member, whose picture this is (CH-39).
  { route: 'GET /api/files/avatars/:id', path: () => avatar, expected: { ...people(200), guest: 404 }, cookie: true },
  ...['', '/preview'].flatMap((part) => {
    const of = (kind: keyof typeof files) => ({
      route: `GET /api/files/:id${part}`,
      path: () => `/api/files/${files[kind]}${part}`,
      cookie: true,
    });
    return [
      { ...of('attached'), of: 'in a message', expected: inside(200) },
      { ...of('deleted'), of: 'in a deleted conversation', expected: uploader(200) },
      { ...of('recalled'), of: 'in a message that was recalled', expected: uploader(200) },
      { ...of('unsent'), of: 'in no message', expected: uploader(200) },
    ];
  }),
];

let scene: Scene;
let directory: string;
/** The user of each kind; `null` for a request without a token. */
let asking: Readonly<Record<Who, TestPerson | null>>;
/** The routes that Fastify has registered. */
const registered = new Set<string>();
let document: OpenApiDocument;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'everywire-every-route-'));
  subscribe('fastify.initialization', listRoutes);
  scene = await createScene({ filesDirectory: directory, limits: { restRequestsPerMinute: 10_000 } });
  unsubscribe('fastify.initialization', listRoutes);
  const { place, people: known, sessions, group, doomed, ids } = scene;
  const guest = await place.guest(await place.invite(known.owner, 'guest'));
  asking = { anonymous: null, ...known, suspended: scene.suspended, guest, administrator: await place.setUp() };
  const picture = await sharp({ create: { width: 40, height: 30, channels: 3, background: '#2a6' } })
    .png()
    .toBuffer();
  const kept = async (): Promise<string> => {
    const id = await uploaded(picture);
    expect((await place.rest('POST', `/api/files/${id}`, undefined, known.member.token)).status).toBe(200);
    return id;
  };
  files = { attached: await kept(), deleted: await kept(), recalled: await kept(), unsent: await kept() };
  // The former member is removed after the message was sent, so they could download the file before.
  for (const conversation of [group, doomed])
    await sessions.owner.ok({ command: 'add', conversation, users: [ids.former] });
  const send = (conversation: number, file: string) =>
    sessions.member.ok({ command: 'send', conversation, text: 'look', files: [file] });
  await send(group, files.attached);
  await send(doomed, files.deleted);
  const { sequence, id } = await send(group, files.recalled);
  for (const file of [files.attached, files.deleted, files.recalled])
    expect((await place.rest('GET', `/api/files/${file}`, undefined, known.former.token)).status).toBe(200);
  for (const conversation of [group, doomed])
    await sessions.owner.ok({ command: 'remove', conversation, user: ids.former });
  await sessions.owner.ok({ command: 'delete', conversation: doomed });
  await sessions.owner.ok({ command: 'recall', conversation: group, message: { sequence, id } });
  const own = await place.rest('PUT', '/api/me/avatar', { file: files.unsent }, known.member.token);
  const description = await place.rest('GET', '/api/openapi.json');
  document = new OpenApiDocument((await description.json()) as Record<string, unknown>);
  ({ avatar } = ((await own.json()) as { readonly me: { readonly avatar: string } }).me);
});
afterAll(async () => {
  await scene.place.stop();
  await rm(directory, { recursive: true });
});

/** Records the routes of a new Fastify instance. */
function listRoutes(message: unknown): void {
  const { fastify } = message as { readonly fastify: FastifyInstance };
  fastify.addHook('onRoute', ({ method, url }: RouteOptions) => {
    for (const each of [method].flat()) registered.add(`${each} ${url}`);
  });
}

function ask(trial: Pick<Trial, 'headers' | 'body'>, method: string, path: string, more: Record<string, string>) {
  const headers = { ...trial.headers, ...more };
  return fetch(scene.place.url + path, { method, headers, ...(trial.body !== undefined && { body: trial.body }) });
}

const tokenOf = (who: Who): Record<string, string> => {
  const person = asking[who];
  return person === null ? {} : { authorization: `Bearer ${person.token}` };
};

/** Returns the cookie as the browser holds it, issued before the person was suspended. */
async function cookieOf(who: Who): Promise<string> {
  const { token = '' } = asking[who] ?? {};
  if (who === 'suspended') return `everywire_files=${createHash('sha256').update(token).digest('base64url')}`;
  const answer = await scene.place.rest('POST', '/api/files/cookie', undefined, token);
  return (answer.headers.get('set-cookie') ?? '').split('; ')[0] ?? '';
}

/** Creates an upload of the member that waits for its four bytes. */
async function begun(length = 4): Promise<string> {
  const headers = { ...tus, 'upload-length': String(length) };
  const answer = await ask({ headers }, 'POST', '/api/files/uploads', tokenOf('member'));
  return answer.headers.get('location') ?? '';
}

/** Uploads a whole file and returns its id. */
async function uploaded(bytes: Buffer): Promise<string> {
  const path = await begun(bytes.length);
  const headers = { ...patch, ...tokenOf('member') };
  const body = new Uint8Array(bytes);
  expect((await fetch(scene.place.url + path, { method: 'PATCH', headers, body })).status).toBe(204);
  return path.split('/').at(-1) ?? '';
}

test('every registered route is tried here or is in the table of the REST interface', () => {
  const described = restRoutes({} as ChatServerServices).map(({ method, path }) => `${method} ${path}`);
  const tried = new Set([...described, ...trials.map(({ route }) => route)]);
  // Fastify answers HEAD wherever it answers GET, with the same handler.
  const known = [...tried].flatMap((route) => [route, route.replace(/^GET /, 'HEAD ')]);
  expect([...registered].sort()).toEqual([...new Set(known)].sort());
});

/** Routes that the REST description omits, because they are for process supervisors and browsers. */
const undescribed = ['GET /', 'GET /healthz', 'GET /readyz', 'GET /api/docs', 'GET /api/docs.css'];

test('every registered route is in the description, which is valid OpenAPI 3.1', () => {
  expect(document.faults()).toEqual([]);
  // A HEAD that is a GET without its body is described with the GET.
  const own = [...registered].filter(
    (route) => !registered.has(route.replace(/^HEAD /, 'GET ')) || !/^HEAD/.test(route),
  );
  expect([...document.routes, ...undescribed].sort()).toEqual(own.sort());
});

test('a client can be generated from the description: operations and types have names, and everything is described', async () => {
  const answer = await scene.place.rest('GET', '/api/openapi.json');
  const text = await answer.text();
  const { components, tags, servers } = JSON.parse(text) as {
    readonly components: { readonly schemas: Readonly<Record<string, object>> };
    readonly tags: readonly { readonly name: string }[];
    readonly servers: readonly object[];
  };
  const operations = [...document.operations.values()];
  expect(new Set(operations.map(({ operationId }) => operationId)).size).toBe(operations.length);
  for (const { operationId } of operations) expect(operationId).toMatch(/^[a-z][A-Za-z0-9]*$/);
  expect(new Set(operations.flatMap((operation) => operation.tags))).toEqual(new Set(tags.map(({ name }) => name)));
  expect(servers).toHaveLength(1);
  for (const name of ['Error', 'Person', 'Message', 'Conversation', 'File', 'Invitation'])
    expect(Object.keys(components.schemas)).toContain(name);
  expect(text).not.toContain('Default Response');
  expect(text.length).toBeLessThan(310_000);
});

const octets = { ...patch, 'content-type': 'application/offset+octet-stream' };
const begin = { ...tus, 'upload-length': '4' };
const file = () => `/api/files/${files.attached}`;
test.each<[string, number, string | undefined, Trial['headers'], (() => string | Promise<string>)?]>([
  ['POST /api/files/uploads', 412, 'invalid', { 'upload-length': '4' }],
  ['POST /api/files/uploads', 412, 'invalid', { ...begin, 'tus-resumable': '0.2.2' }],
  ['POST /api/files/uploads', 400, 'invalid', { ...begin, 'upload-concat': 'partial' }],
  ['PATCH /api/files/uploads/:id', 412, 'invalid', { ...octets, 'tus-resumable': '2.0.0' }, () => begun()],
  ['HEAD /api/files/uploads/:id', 412, undefined, { 'tus-resumable': 'x' }, () => begun()],
  ['OPTIONS /api/files/uploads', 204, undefined, {}],
  ['POST /api/files/uploads', 400, 'invalid', tus],
  ['POST /api/files/uploads', 400, 'invalid', { ...tus, 'upload-length': '1e3' }],
  ['POST /api/files/uploads', 400, 'invalid', { ...begin, 'upload-metadata': 'filename a b' }],
  ['POST /api/files/uploads', 413, 'too_long', { ...tus, 'upload-length': '9000000000000000' }],
  ['HEAD /api/files/uploads/:id', 412, undefined, {}, () => begun()],
  ['PATCH /api/files/uploads/:id', 409, 'invalid', { ...octets, 'upload-offset': '3' }, () => begun()],
  ['PATCH /api/files/uploads/:id', 400, 'invalid', { ...octets, 'upload-offset': '-1' }, () => begun()],
  ['PATCH /api/files/uploads/:id', 400, 'invalid', { ...octets, 'content-type': 'application/json' }, () => begun()],
  ['DELETE /api/files/uploads/:id', 412, 'invalid', {}, () => begun()],
  ['POST /api/files/:id', 409, 'upload_unfinished', {}, async () => (await begun()).replace('/uploads', '')],
  ['GET /api/files/:id', 206, undefined, { range: 'bytes=2-4' }, file],
  ['GET /api/files/:id', 416, undefined, { range: 'bytes=999999-' }, file],
  ['GET /api/files/:id/preview', 206, undefined, { range: 'bytes=-4' }, () => `${file()}/preview`],
  ['GET /api/files/:id', 400, 'invalid', {}, () => '/api/files/up'],
])('%s answers %i %s as described', async (route, status, code, headers, path) => {
  const [method = '', url = ''] = route.split(' ');
  const body = method === 'PATCH' ? '"x"' : undefined;
  const asked = { ...(headers !== undefined && { headers }), ...(body !== undefined && { body }) };
  const answer = await ask(asked, method, (await path?.()) ?? url, tokenOf('member'));
  expect(answer.status).toBe(status);
  if (code !== undefined) expect(await answer.clone().json()).toMatchObject({ code });
  expect(await document.answerFaults(route, answer)).toEqual([]);
});

test('a part without a media type is refused like one with a wrong type', async () => {
  const path = await begun();
  const { 'content-type': _type, ...headers } = { ...octets, ...tokenOf('member') } as Record<string, string>;
  const body = new ReadableStream({
    start: (stream) => {
      stream.enqueue(new TextEncoder().encode('hers'));
      stream.close();
    },
  });
  const answer = await fetch(scene.place.url + path, { method: 'PATCH', headers, body, duplex: 'half' } as RequestInit);
  expect([answer.status, ((await answer.clone().json()) as { readonly code: string }).code]).toEqual([400, 'invalid']);
  expect(await document.answerFaults('PATCH /api/files/uploads/:id', answer)).toEqual([]);
});

test('a file that the client has cached is not sent again', async () => {
  const tag = { 'if-none-match': `"${files.attached}"` };
  const answer = await ask({ headers: tag }, 'GET', file(), tokenOf('member'));
  expect([answer.status, await document.answerFaults('GET /api/files/:id', answer)]).toEqual([304, []]);
});

/** Returns the paths of files of this server that the process has open. */
function openFiles(): readonly string[] {
  return readdirSync('/proc/self/fd').flatMap((name) => {
    try {
      const path = readlinkSync(`/proc/self/fd/${name}`);
      return path.startsWith(directory) ? [path] : [];
    } catch {
      // The descriptor has been closed in the meantime, like the one that read the list.
      return [];
    }
  });
}

/** Writes a request and resets the connection, before or during the response. */
async function askAndLeave(text: string): Promise<void> {
  const socket = connect(Number(new URL(scene.place.url).port), '127.0.0.1');
  socket.on('error', () => undefined);
  await new Promise<void>((resolve) => socket.write(text, () => resolve()));
  socket.resetAndDestroy();
  if (!socket.closed) await once(socket, 'close');
}

const readable = [...new Map(trials.filter(({ route }) => /^GET/.test(route)).map((trial) => [trial.route, trial]))];
describe.each(['GET', 'HEAD'])('%s of a client that disconnects', (method) => {
  test.each(readable)('no file stays open at %s after the client disconnected', async (route, trial) => {
    const [, url = ''] = route.split(' ');
    const { authorization } = tokenOf('member');
    const path = (await trial.path?.()) ?? url;
    const text = `${method} ${path} HTTP/1.1\r\nHost: h\r\nAuthorization: ${authorization}\r\n\r\n`;
    for (let times = 0; times < 30; times += 1) await askAndLeave(text.repeat(2));
    await vi.waitFor(() => expect(openFiles()).toEqual([]), { timeout: 20_000 });
  });
});

test.each([
  ['GET /api/files/avatars/:id', () => avatar],
  ['GET /api/files/:id', () => file()],
  ['GET /api/files/:id/preview', () => `${file()}/preview`],
])('%s closes a file that was opened for a client that had already disconnected', async (_route, path) => {
  const { read } = DirectoryFiles.prototype;
  const connected = once(scene.place.server.http, 'connection') as Promise<[Socket]>;
  const client = connect(Number(new URL(scene.place.url).port), '127.0.0.1');
  const opened = new Promise<void>((resolve) => {
    vi.spyOn(DirectoryFiles.prototype, 'read').mockImplementationOnce(async function (this: DirectoryFiles, ...asked) {
      const bytes = await Reflect.apply(read, this, asked);
      const [socket] = await connected;
      client.resetAndDestroy();
      if (!socket.closed) await new Promise((closed) => socket.once('close', closed));
      resolve();
      return bytes;
    });
  });
  client.write(`GET ${path()} HTTP/1.1\r\nHost: h\r\nAuthorization: ${tokenOf('member')['authorization']}\r\n\r\n`);
  await opened;
  vi.restoreAllMocks();
  await vi.waitFor(() => expect(openFiles()).toEqual([]), { timeout: 20_000 });
});

test('no route, of REST or the transport, handles two requests of one connection at the same time', async () => {
  const endpoints = ['open', 'up', 'long-poll', 'ticket', 'nothing'].map((name) => `POST /everywire/${name}`);
  const under = new Map<Socket, number>();
  let most = 0;
  const count = (event: unknown): void => {
    const { socket, response } = event as { readonly socket: Socket; readonly response: ServerResponse };
    const now = (under.get(socket) ?? 0) + 1;
    under.set(socket, now);
    most = Math.max(most, now);
    response.on('close', () => under.set(socket, (under.get(socket) ?? 0) - 1));
  };
  subscribe('http.server.request.start', count);
  for (const route of [...registered, ...endpoints]) {
    const [method = '', url = ''] = route.split(' ');
    const head = `${method} ${url.replace(':id', '1')} HTTP/1.1\r\nHost: h\r\nContent-Length: 0\r\n`;
    const socket = connect(Number(new URL(scene.place.url).port), '127.0.0.1').resume();
    socket.write(`${`${head}\r\n`.repeat(5)}${head}Connection: close\r\n\r\n`);
    await once(socket, 'close');
  }
  unsubscribe('http.server.request.start', count);
  expect(most).toBe(1);
});

test('HEAD of a file answers its length without reading its bytes', async () => {
  const read = vi.spyOn(DirectoryFiles.prototype, 'read');
  const answer = await ask({}, 'HEAD', file(), tokenOf('member'));
  const whole = await ask({}, 'GET', file(), tokenOf('member'));
  expect(answer.headers.get('content-length')).toBe(String((await whole.arrayBuffer()).byteLength));
  expect(read).toHaveBeenCalledTimes(1);
  vi.restoreAllMocks();
});

/** Returns the status with the token, or the errors of the answer. The second item is the status with the cookie. */
async function outcomeFor(who: Who, trial: Trial): Promise<unknown> {
  const [method = '', url = ''] = trial.route.split(' ');
  const pathOf = async (): Promise<string> => (await trial.path?.()) ?? url;
  const answer = await ask(trial, method, await pathOf(), tokenOf(who));
  const code = { 401: 'unauthenticated', 404: 'not_found' }[answer.status];
  const answered =
    code !== undefined && method !== 'HEAD' ? ((await answer.clone().json()) as { code?: string }).code : code;
  const faults = undescribed.includes(trial.route) ? [] : await document.answerFaults(trial.route, answer);
  const byToken = faults.length > 0 || answered !== code ? { status: answer.status, answered, faults } : answer.status;
  if (who === 'anonymous') return [byToken];
  const byCookie = await ask(trial, method, await pathOf(), { cookie: await cookieOf(who) });
  return [byToken, byCookie.status];
}

const rows = trials.map((trial) => [trial.route, trial.of ?? '', trial] as const);
test.each(rows)('[A8] %s %s is allowed only to those with the right', async (_route, _of, trial) => {
  const open = trial.expected['anonymous'] !== 401;
  const expected = everyone.map((who) => {
    const status = trial.expected[who];
    return [who, who === 'anonymous' ? [status] : [status, open || trial.cookie === true ? status : 401]];
  });
  expect(await outcomesOf(everyone, (who) => outcomeFor(who, trial))).toEqual(Object.fromEntries(expected));
  const [method = '', url = ''] = trial.route.split(' ');
  const wrong = 'x'.repeat(43);
  for (const more of [{ authorization: `Bearer ewt_${wrong}` }, { cookie: `everywire_files=${wrong}` }]) {
    const answer = await ask(trial, method, (await trial.path?.()) ?? url, more);
    expect([more, answer.status]).toEqual([more, trial.expected['anonymous']]);
  }
});
