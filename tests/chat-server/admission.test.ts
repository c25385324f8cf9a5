import { afterEach, expect, test } from 'vitest';
import { type TestPerson, TestPlace } from './test-place.js';

const places: TestPlace[] = [];
afterEach(async () => {
  for (const place of places.splice(0)) await place.stop();
});

/** Starts a server that is stopped after the test. */
async function start(options?: Parameters<typeof TestPlace.start>[0]): Promise<TestPlace> {
  const place = await TestPlace.start(options);
  places.push(place);
  return place;
}

const place = { name: 'Test', runBy: '', version: '0' } as const;
const password = 'correct horse';

/** The fields of any answer that these tests read. */
interface Body {
  readonly code: string;
  readonly token: string;
  readonly kind: string;
  readonly registration: string;
  readonly me: { readonly id: number; readonly name: string; readonly displayName: string; readonly guest?: true };
  readonly by: { readonly name: string } | null;
  readonly invitations: readonly { readonly id: string; readonly uses: number; readonly by: number }[];
  readonly next: string | null;
  readonly invitation: { readonly id: string };
}

/** Sends a request such as `POST /api/login` and returns status and body. */
async function ask(
  at: TestPlace,
  request: string,
  body?: unknown,
  by?: TestPerson,
): Promise<{ readonly status: number; readonly body: Body }> {
  const [method = '', path = ''] = request.split(' ');
  const response = await at.rest(method, path, body, by?.token);
  const text = await response.text();
  return { status: response.status, body: text === '' ? null : JSON.parse(text) };
}

/** Returns the secret of the link by which the first administrator is created. */
async function setUpSecret(at: TestPlace): Promise<string> {
  const link = await at.server.createSetUpPath();
  return link?.path.slice('/#/setup/'.length) ?? '';
}

test('[A18] the set-up link makes one administrator, once, and is not offered again', async () => {
  const at = await start({ place: { ...place, registration: 'closed' } });
  const secret = await setUpSecret(at);
  expect((await ask(at, 'POST /api/link', { secret })).body).toMatchObject({ kind: 'setup', by: null });
  const both = await Promise.all(['ann', 'bob'].map((name) => ask(at, 'POST /api/setup', { secret, name, password })));
  expect(both.map((answer) => answer.status).sort()).toEqual([201, 410]);
  expect(await at.store.countAdministrators()).toBe(1);
  expect(await at.server.createSetUpPath()).toBeNull();
  expect((await ask(at, 'POST /api/link', { secret })).body.code).toBe('link_ended');
});

test('[A18] a newer set-up link ends the previous one, and each expires', async () => {
  let now = 1_000;
  const at = await start({ wallNow: () => now, limits: { setUpHours: 1 } });
  const [first, second] = [await setUpSecret(at), await setUpSecret(at)];
  expect((await ask(at, 'POST /api/setup', { secret: first, name: 'ann', password })).body.code).toBe('link_ended');
  now += 3_600_000;
  expect((await ask(at, 'POST /api/setup', { secret: second, name: 'ann', password })).body.code).toBe('link_ended');
  expect((await ask(at, 'POST /api/setup', { secret: await setUpSecret(at), name: 'ann', password })).status).toBe(201);
});

test('a taken name leaves the set-up link valid, and an existing account can become the administrator', async () => {
  const at = await start();
  const ann = await at.register('ann');
  const secret = await setUpSecret(at);
  expect((await ask(at, 'POST /api/setup', { secret, name: 'ANN', password })).body.code).toBe('name_taken');
  expect((await ask(at, 'POST /api/setup/claim', { secret: 'ewl_wrong' }, ann)).body.code).toBe('link_ended');
  expect((await ask(at, 'POST /api/setup/claim', { secret }, ann)).status).toBe(200);
  expect((await ask(at, 'GET /api/settings', undefined, ann)).status).toBe(200);
});

test('registration is open, by invitation or closed, and an administrator changes it while the server runs', async () => {
  const at = await start({ place: { ...place, registration: 'invitation' } });
  const root = await at.setUp();
  const register = async (name: string): Promise<string> =>
    (await ask(at, 'POST /api/register', { name, password })).body?.code ?? 'in';
  expect(await register('ann')).toBe('invitation_required');
  const secret = await at.invite(root, 'account');
  expect((await ask(at, 'POST /api/join', { secret, name: 'ann', password })).status).toBe(201);
  const choose = (registration: string | null) => ask(at, 'PATCH /api/settings', { registration }, root);
  expect((await choose('closed')).body).toEqual({ registration: 'closed', chosen: 'closed', configured: 'invitation' });
  expect(await register('bob')).toBe('registration_closed');
  expect((await ask(at, 'POST /api/join', { secret, name: 'bob', password })).body.code).toBe('registration_closed');
  const guest = { secret: await at.invite(root, 'guest'), displayName: 'Bob' };
  expect((await ask(at, 'POST /api/guest', guest)).body.code).toBe('registration_closed');
  await choose('open');
  expect((await ask(at, 'GET /api/server')).body.registration).toBe('open');
  expect((await ask(at, 'POST /api/register', { name: 'bob', password })).status).toBe(201);
  await choose(null);
  expect((await ask(at, 'GET /api/server')).body.registration).toBe('invitation');
});

test('an invitation names the inviter, admits as many people as it states, and can be revoked', async () => {
  const at = await start({ limits: { invitationsPerPersonMax: 2 } });
  const [ann, bob] = [await at.register('ann'), await at.register('bob')];
  const root = await at.setUp();
  const secret = await at.invite(ann, 'account', 1);
  expect((await ask(at, 'POST /api/link', { secret })).body).toMatchObject({ kind: 'account', by: { name: 'ann' } });
  expect((await ask(at, 'POST /api/join', { secret, name: 'carl', password })).status).toBe(201);
  expect((await ask(at, 'POST /api/join', { secret, name: 'dora', password })).body.code).toBe('link_ended');

  const made = await ask(at, 'POST /api/invitations', { kind: 'guest', usesMax: 5, days: 1, label: 'door' }, ann);
  const second = await at.invite(ann, 'account');
  const third = { kind: 'guest', usesMax: 5, days: 1 };
  expect((await ask(at, 'POST /api/invitations', third, ann)).body.code).toBe('too_many');
  const list = async (by: TestPerson): Promise<number> =>
    (await ask(at, 'GET /api/invitations', undefined, by)).body.invitations.length;
  expect([await list(ann), await list(bob), await list(root)]).toEqual([2, 0, 2]);
  const { id } = made.body.invitation;
  expect((await ask(at, `DELETE /api/invitations/${id}`, undefined, bob)).body.code).toBe('not_found');
  expect((await ask(at, `DELETE /api/invitations/${id}`, undefined, root)).status).toBe(204);
  expect(await list(ann)).toBe(1);
  const [left] = (await ask(at, 'GET /api/invitations', undefined, ann)).body.invitations;
  expect((await ask(at, `DELETE /api/invitations/${left?.id}`, undefined, ann)).status).toBe(204);
  expect((await ask(at, 'POST /api/link', { secret: second })).body.code).toBe('link_ended');
});

test('concurrent requests for invitations create only as many as one person may have', async () => {
  const at = await start({ limits: { invitationsPerPersonMax: 5 } });
  const ann = await at.register('ann');
  const wanted = { kind: 'guest', usesMax: 1, days: 1 };
  const made = await Promise.all(Array.from({ length: 40 }, () => ask(at, 'POST /api/invitations', wanted, ann)));
  expect(made.filter(({ status }) => status === 201)).toHaveLength(5);
  expect(new Set(made.map(({ body }) => body.code))).toEqual(new Set([undefined, 'too_many']));
  expect((await ask(at, 'GET /api/invitations', undefined, ann)).body.invitations).toHaveLength(5);
});

test('an administrator reads the invitations of all people, page by page', async () => {
  const at = await start({ limits: { invitationsPageMax: 2 } });
  const [ann, bob] = [await at.register('ann'), await at.register('bob')];
  const root = await at.setUp();
  for (const by of [ann, bob, ann, bob, ann]) await at.invite(by, 'guest');
  const makers: number[] = [];
  const sizes: number[] = [];
  for (let after = ''; ; ) {
    const { status, body } = await ask(at, `GET /api/invitations${after}`, undefined, root);
    expect(status).toBe(200);
    makers.push(...body.invitations.map(({ by }) => by));
    sizes.push(body.invitations.length);
    if (body.next === null) break;
    after = `?after=${body.next}`;
  }
  expect(sizes).toEqual([2, 2, 1]);
  expect(makers.sort()).toEqual([ann.id, ann.id, ann.id, bob.id, bob.id].sort());
  expect((await ask(at, 'GET /api/invitations', undefined, bob)).body).toMatchObject({ next: null });
  for (const after of ['x', '1_', '12345678901234567_00000000-0000-0000-0000-000000000000'])
    expect((await ask(at, `GET /api/invitations?after=${after}`, undefined, root)).status).toBe(400);
});

test('a guest needs only a name, talks with the inviter, and may do little else', async () => {
  const at = await start();
  const [ann, bob] = [await at.register('ann'), await at.register('bob')];
  const guest = await at.guest(await at.invite(ann, 'guest'), ' Gül  İ. ');
  expect((await ask(at, 'GET /api/me', undefined, guest)).body.me).toMatchObject({
    displayName: 'Gül İ.',
    guest: true,
  });
  const [theirs, annes] = [await at.connect(guest), await at.connect(ann)];
  const list = await theirs.ok({ command: 'list', cursor: null });
  const [conversation = 0] = list.entries.map((entry) => entry.conversation);
  expect(list.entries).toHaveLength(1);
  await theirs.ok({ command: 'send', conversation, text: 'hello' });
  expect((await annes.ok({ command: 'list', cursor: null })).entries[0]).toMatchObject({ unread: 1 });
  expect((await annes.ok({ command: 'findPeople', query: 'Gül', after: null })).people).toMatchObject([
    { guest: true },
  ]);

  const group = await annes.ok({ command: 'createGroup', name: 'Reading', users: [guest.id] });
  await theirs.ok({ command: 'send', conversation: group.conversation, text: 'here' });
  const denied = [
    { command: 'createDirect', peer: bob.id },
    { command: 'createGroup', name: 'mine', users: [] },
    { command: 'add', conversation: group.conversation, users: [bob.id] },
    { command: 'rename', conversation: group.conversation, name: 'mine' },
    { command: 'findPeople', query: '', after: null },
  ] as const;
  for (const command of denied)
    expect([command.command, await theirs.code(command)]).toEqual([command.command, 'denied']);
  expect((await ask(at, 'POST /api/invitations', { kind: 'guest', usesMax: 1, days: 1 }, guest)).body.code).toBe(
    'denied',
  );
  expect((await ask(at, 'POST /api/login', { name: guest.name, password })).body.code).toBe('credentials_wrong');
});

test('a guest who takes a name and a password continues in the same session, with an account', async () => {
  const at = await start();
  const ann = await at.register('ann');
  const guest = await at.guest(await at.invite(ann, 'guest'), 'Gül');
  const session = await at.connect(guest);
  expect(await session.code({ command: 'createGroup', name: 'mine', users: [] })).toBe('denied');
  const upgrade = (name: string) => ask(at, 'POST /api/upgrade', { name, password }, guest);
  for (const taken of ['ann', 'Everyone']) expect((await upgrade(taken)).body.code).toBe('name_taken');
  expect((await upgrade('guel')).body.me).toEqual({ id: guest.id, name: 'guel', displayName: 'Gül' });
  expect(await session.code({ command: 'createGroup', name: 'mine', users: [] })).toBe('ok');
  expect((await upgrade('again')).body.code).toBe('denied');
  expect((await ask(at, 'POST /api/login', { name: 'guel', password })).status).toBe(200);
});

test('where registration is by invitation, a guest needs an invitation for an account', async () => {
  const at = await start({ place: { ...place, registration: 'invitation' } });
  const root = await at.setUp();
  const guest = await at.guest(await at.invite(root, 'guest'), 'Gül');
  const upgrade = (secret: object) => ask(at, 'POST /api/upgrade', { name: 'guel', password, ...secret }, guest);
  expect((await upgrade({})).body.code).toBe('invitation_required');
  expect((await upgrade({ secret: await at.invite(root, 'guest') })).body.code).toBe('link_ended');
  expect((await upgrade({ secret: await at.invite(root, 'account', 1) })).body.me.name).toBe('guel');
});

test('an administrator appoints another, and the last administrator cannot step down', async () => {
  const at = await start();
  const [root, ann] = [await at.setUp(), await at.register('ann')];
  const guest = await at.guest(await at.invite(ann, 'guest'));
  const role = (id: number, to: string, by = root) => ask(at, `PATCH /api/people/${id}/role`, { role: to }, by);
  expect((await role(ann.id, 'administrator', ann)).body.code).toBe('denied');
  expect((await role(root.id, 'member')).body.code).toBe('last_administrator');
  expect((await role(guest.id, 'administrator')).body.code).toBe('denied');
  expect((await role(999, 'administrator')).body.code).toBe('not_found');
  expect((await role(ann.id, 'administrator')).status).toBe(200);
  expect((await role(root.id, 'member', ann)).status).toBe(200);
  expect((await ask(at, 'GET /api/settings', undefined, root)).body.code).toBe('denied');
});

test('[SN-20.2] no link secret appears in the log, even if it was put into the path', async () => {
  const at = await start();
  const ann = await at.register('ann');
  const [setUp, invitation] = [await setUpSecret(at), await at.invite(ann, 'account')];
  for (const secret of [setUp, invitation]) {
    await ask(at, 'POST /api/link', { secret });
    await at.rest('GET', `/join/${secret}`);
  }
  const log = at.lines.join('\n');
  expect(log).toContain('GET /join/ewl_(removed)');
  for (const secret of [setUp, invitation]) expect(log).not.toContain(secret.slice(4, 20));
});

test('names reserved for staff are taken for everyone but the first administrator, on every way to register', async () => {
  const at = await start();
  const secret = await setUpSecret(at);
  const register = (name: string) => ask(at, 'POST /api/register', { name, password });
  for (const name of ['admin', 'Support', '管理员', '客服'])
    expect([name, (await register(name)).body.code]).toEqual([name, 'name_taken']);
  const root = await ask(at, 'POST /api/setup', { secret, name: 'admin', password });
  expect([root.status, root.body.me.name]).toEqual([201, 'admin']);
  const by = { id: root.body.me.id, name: 'admin', token: root.body.token };
  const invitation = await at.invite(by, 'account');
  const system = { name: 'system', password };
  expect((await ask(at, 'POST /api/join', { ...system, secret: invitation })).body.code).toBe('name_taken');
  const guest = await at.guest(await at.invite(by, 'guest'));
  expect((await ask(at, 'POST /api/upgrade', system, guest)).body.code).toBe('name_taken');
  expect((await ask(at, 'POST /api/login', { name: 'admin', password })).status).toBe(200);
});
