import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ChatServerServices, requestSchemas, restRoutes } from '@everywire/chat-server/internal';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createScene, type Scene, trials } from './command-trials.js';
import type { TestPerson } from './test-place.js';
import { type Asked, newCommandId, type TestSession } from './test-session.js';

/*
 * A guest sees only the people of their own conversations. Every query that names a person is sent once with a person
 * the guest does not know and once with an id that does not exist: the answers must be equal. The queries are found in
 * the command schemas and the table of routes, so a new one is tried here too.
 */

type Command = keyof typeof requestSchemas;

let scene: Scene;
let guest: TestPerson;
let session: TestSession;
/** A person who is online, with a picture and a status, and in no conversation of the guest. */
let hidden: TestPerson;
let hiddenSession: TestSession;
let directory: string;
let picture: string;
/** An id that no user has. */
const unusedId = 987_654;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'everywire-guest-sight-'));
  scene = await createScene({ filesDirectory: directory, limits: { restRequestsPerMinute: 10_000 } });
  const { place, people, sessions, group } = scene;
  guest = await place.guest(await place.invite(people.owner, 'guest'));
  await sessions.owner.ok({ command: 'add', conversation: group, users: [guest.id] });
  session = await place.connect(guest);
  hidden = await place.register('hidden-person');
  hiddenSession = await place.connect(hidden);
  await hiddenSession.ok({ command: 'present', active: true });
  picture = await givePicture(hidden);
});
afterAll(async () => {
  await scene.place.stop();
  await rm(directory, { recursive: true });
});

/** Uploads a picture for the user and returns its path. */
async function givePicture({ token }: TestPerson): Promise<string> {
  const { url } = scene.place;
  const bytes = await sharp({ create: { width: 8, height: 8, channels: 3, background: '#2a6' } })
    .png()
    .toBuffer();
  const tus = { authorization: `Bearer ${token}`, 'tus-resumable': '1.0.0' };
  const headers = { ...tus, 'upload-length': String(bytes.length) };
  const begun = await fetch(`${url}/api/files/uploads`, { method: 'POST', headers });
  const path = begun.headers.get('location') ?? '';
  const patch = { ...tus, 'upload-offset': '0', 'content-type': 'application/offset+octet-stream' };
  await fetch(url + path, { method: 'PATCH', headers: patch, body: new Uint8Array(bytes) });
  const file = path.split('/').at(-1) ?? '';
  await scene.place.rest('POST', `/api/files/${file}`, undefined, token);
  const answer = await scene.place.rest('PUT', '/api/me/avatar', { file }, token);
  return ((await answer.json()) as { readonly me: { readonly avatar: string } }).me.avatar;
}

/** Fields of commands that contain the id of a user, and fields that contain several. */
const singleFields = ['user', 'peer'];
const listFields = ['users', 'ids'];
const fieldOf = (command: Command): string | undefined =>
  Object.keys(requestSchemas[command].properties).find((name) => [...singleFields, ...listFields].includes(name));
/** The commands that name a user. */
const naming = (Object.keys(requestSchemas) as Command[]).filter((command) => fieldOf(command) !== undefined);

/** Builds the command with this person's id. */
function about(command: Command, user: number): Asked {
  const field = fieldOf(command) ?? '';
  return { ...trials[command].asked(scene), [field]: singleFields.includes(field) ? user : [user] } as Asked;
}

/** Removes the parts of an answer that differ between any two calls. */
const plain = (answer: unknown, user: number): string =>
  JSON.stringify(answer, (name, value) => (name === 'i' ? 0 : value === user ? 'the id' : value));

test('the commands that name people are known', () => {
  expect(naming.sort()).toEqual(
    ['add', 'block', 'createDirect', 'createGroup', 'people', 'remove', 'setRole', 'watchPresence'].sort(),
  );
});

describe.each(naming)('%s', (command) => {
  test('[CH-39.3] the answer to a guest about an unknown person is the same as about an id that does not exist', async () => {
    const answers = [];
    for (const user of [hidden.id, unusedId]) answers.push(plain(await session.ask(about(command, user)), user));
    expect(answers[0]).toBe(answers[1]);
  });

  test('[CH-39.3] the answer without a session is the same too', async () => {
    const ask = async (user: number): Promise<string> => {
      const { command: _name, ...fields } = about(command, user);
      const keyed = 'id' in requestSchemas[command].properties ? { id: newCommandId() } : {};
      const answer = await scene.place.rest('POST', `/api/commands/${command}`, { ...fields, ...keyed }, guest.token);
      return `${answer.status} ${plain(await answer.json(), user)}`;
    };
    expect(await ask(hidden.id)).toBe(await ask(unusedId));
  });
});

/** The REST routes that name a user. */
const routesWithIds = restRoutes({} as ChatServerServices).filter(
  ({ path, query }) => /people|presence/.test(path) && (path.includes(':id') || query !== undefined),
);

test.each(routesWithIds)(
  '[CH-39.3] $method $path answers a guest about an unknown person as about an id that does not exist',
  async (route) => {
    const ask = async (user: number): Promise<string> => {
      const named = route.path.replace(':id', String(user));
      const path = named === route.path ? `${named}?users=${user}` : named;
      const body = route.body === undefined ? undefined : { role: 'member' };
      const answer = await scene.place.rest(route.method, path, body, guest.token);
      return `${answer.status} ${plain(await answer.json(), user)}`;
    };
    expect(routesWithIds.length).toBe(9);
    expect(await ask(hidden.id)).toBe(await ask(unusedId));
  },
);

test('[CH-39.1] [CH-39.2] a guest sees the people of their own conversations, including those who left in the meantime', async () => {
  const { ids, people, sessions, place, group } = scene;
  const { people: known } = await session.ok({
    command: 'people',
    ids: [ids.owner, ids.reader, guest.id, ids.stranger],
  });
  expect(known.map(({ id }) => id)).toEqual([ids.owner, ids.reader, guest.id].sort((a, b) => a - b));
  // Removed before the guest joined, so the guest can read no message of theirs.
  expect((await session.ok({ command: 'people', ids: [ids.former] })).people).toEqual([]);
  const leaving = await place.register('leaving');
  await sessions.owner.ok({ command: 'add', conversation: group, users: [leaving.id] });
  await sessions.owner.ok({ command: 'remove', conversation: group, user: leaving.id });
  expect((await session.ok({ command: 'people', ids: [leaving.id] })).people).toMatchObject([{ id: leaving.id }]);
  const member = await place.connect(people.member);
  expect((await member.ok({ command: 'people', ids: [hidden.id] })).people).toMatchObject([{ id: hidden.id }]);
});

test('[CH-39.3] a guest gets no events about an unknown person and cannot read their picture', async () => {
  const { place, ids } = scene;
  await session.ok({ command: 'people', ids: [hidden.id, ids.owner] });
  await session.ok({ command: 'watchPresence', users: [hidden.id, ids.owner] });
  await hiddenSession.ok({ command: 'present', active: false });
  await place.rest('PATCH', '/api/me', { status: 'somewhere' }, hidden.token);
  await scene.sessions.owner.ok({ command: 'present', active: true });
  await place.rest('PATCH', '/api/me', { status: 'here' }, scene.people.owner.token);
  await session.event('profile', ({ profile }) => profile.id === ids.owner);
  await session.event('presence', ({ presence }) => presence.user === ids.owner);
  expect(JSON.stringify(session.events)).not.toMatch(/somewhere|hidden-person/);
  expect(session.events.filter((event) => event.event === 'presence' && event.presence.user === hidden.id)).toEqual([]);
  const seen = (token: string) => place.rest('GET', picture, undefined, token).then(({ status }) => status);
  expect([await seen(guest.token), await seen(scene.people.member.token), await seen(hidden.token)]).toEqual([
    404, 200, 200,
  ]);
  const own = await givePicture(scene.people.owner);
  expect((await place.rest('GET', own, undefined, guest.token)).status).toBe(200);
});

test('[CH-39.4] a search filter neither finds nor prefers a person unknown to the guest', async () => {
  const { place, sessions, group } = scene;
  // The unknown person has exactly the name that is a part of a known person's name.
  await place.register('val');
  const known = await place.register('valerie');
  await sessions.owner.ok({ command: 'add', conversation: group, users: [known.id] });
  const theirs = await place.connect(known);
  await theirs
    .ok({ command: 'setRole', conversation: group, user: known.id, role: 'member' } as Asked)
    .catch(() => undefined);
  const sent = await theirs.ok({ command: 'send', conversation: group, text: 'a word of valerie' });
  const search = { command: 'search', text: 'word from:val', zone: 0, conversation: null, after: null } as const;
  const { hits } = await session.ok(search);
  expect(hits.map(({ row }) => row.sequence)).toEqual([sent.sequence]);
});

test('[CH-39.1] a removed guest gets no more events about the members, but still about people the guest knows from elsewhere', async () => {
  const { place, people, sessions } = scene;
  const other = await place.guest(await place.invite(people.admin, 'guest'));
  const { conversation } = await sessions.owner.ok({ command: 'createGroup', name: 'short', users: [other.id] });
  const theirs = await place.connect(other);
  await theirs.ok({ command: 'people', ids: [people.owner.id, people.admin.id] });
  await theirs.ok({ command: 'watchPresence', users: [people.owner.id, people.admin.id] });
  await sessions.owner.ok({ command: 'remove', conversation, user: other.id });
  const known = async (id: number) => (await theirs.ok({ command: 'people', ids: [id] })).people.length;
  expect([await known(people.owner.id), await known(people.admin.id)]).toEqual([0, 1]);
  await place.rest('PATCH', '/api/me', { status: 'unheard' }, people.owner.token);
  await place.rest('PATCH', '/api/me', { status: 'heard' }, people.admin.token);
  await sessions.owner.ok({ command: 'present', active: false });
  await sessions.owner.ok({ command: 'present', active: true });
  await sessions.admin.ok({ command: 'present', active: true });
  await theirs.event('profile', ({ profile }) => profile.status === 'heard');
  await theirs.event('presence', ({ presence }) => presence.user === people.admin.id);
  expect(JSON.stringify(theirs.events)).not.toContain('unheard');
  expect(
    theirs.events.filter((event) => event.event === 'presence' && event.presence.user === people.owner.id),
  ).toEqual([]);
  await theirs.ok({ command: 'block', user: people.admin.id, blocked: true });
  await sessions.admin.ok({ command: 'list', cursor: null });
  expect(await theirs.code({ command: 'block', user: people.owner.id, blocked: true })).toBe('not_found');
});

test('[CH-39.3] a mention of an unknown person is dropped like one of an id that does not exist', async () => {
  const { group: conversation } = scene;
  const mentions = { users: [hidden.id, unusedId, scene.ids.owner], all: false };
  const sent = await session.ok({ command: 'send', conversation, text: 'x', mentions });
  expect(sent.mentions?.users).toEqual([scene.ids.owner]);
});
