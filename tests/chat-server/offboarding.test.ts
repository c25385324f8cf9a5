// Over 300 lines, because the tests of suspending, listing and deleting people share their helpers.
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chatErrorCodes } from '@everywire/chat';
import { createSqliteStore } from '@everywire/store-sqlite';
import { SignJWT } from 'jose';
import sharp from 'sharp';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { type TestPerson, TestPlace, type TestPlaceOptions } from './test-place.js';

/* People who leave: locked out immediately on every path, reactivated by an administrator, or erased for good. */

const password = 'correct horse';
let place: TestPlace;
let root: TestPerson;
let ann: TestPerson;
let bob: TestPerson;
afterEach(() => place.stop());

async function start(options: TestPlaceOptions = {}): Promise<void> {
  place = await TestPlace.start(options);
  root = await place.setUp();
  [ann, bob] = [await place.register('ann'), await place.register('bob')];
}

/** Sends a request about people, by default as the first administrator. */
const act = (method: string, path: string, by: TestPerson = root): Promise<Response> =>
  place.rest(method, `/api/people${path}`, undefined, by.token);

const suspend = (person: TestPerson) => act('POST', `/${person.id}/suspend`);
const reactivate = (person: TestPerson) => act('POST', `/${person.id}/reactivate`);
const remove = (person: TestPerson, texts: 'keep' | 'remove') => act('DELETE', `/${person.id}?texts=${texts}`);

/** Returns the status of a success, or the code of a refusal. */
async function outcome(answer: Response | Promise<Response>): Promise<number | string> {
  const text = await (await answer).text();
  const { code } = (text === '' ? {} : JSON.parse(text)) as { readonly code?: string };
  return code ?? (await answer).status;
}

const logIn = (name: string, entered = password): Promise<Response> =>
  place.rest('POST', '/api/login', { name, password: entered });
const me = (token: string): Promise<Response> => place.rest('GET', '/api/me', undefined, token);

describe('suspending', () => {
  test.each(['websocket', 'tcp', 'fetch-stream', 'long-poll'] as const)(
    'suspending ends a session over %s, and the same token opens no other',
    async (transport) => {
      await start({ tcpPort: 0 });
      const [session, other] = [await place.connect(ann, transport), await place.connect(bob)];
      expect(await outcome(suspend(ann))).toBe(200);
      expect(await session.closed).toBe('revoked');
      const again = place.open(ann, transport);
      again.opened.catch(() => undefined);
      expect(await again.closed).toBe('unauthorized');
      await other.settle();
    },
  );

  test('the raw links of the transport refuse a suspended account, also with a token from before', async () => {
    await start();
    await suspend(ann);
    const headers = { authorization: `Bearer ${ann.token}` };
    const topics = '/everywire/raw-event-stream?topic=user:2';
    expect((await fetch(place.url + topics, { headers })).status).toBe(403);
    const ticket = { kind: 'event-stream', topics: ['user:2'], token: ann.token };
    expect((await place.rest('POST', '/everywire/raw-ticket', ticket)).status).toBe(403);
  });

  test('suspending ends tokens, log-in and links, and a reactivated account has no sign-ins left', async () => {
    const mails: string[] = [];
    const send = async ({ text }: { readonly text: string }): Promise<void> => void mails.push(text);
    await start({ mailer: { needsAddress: true, send } });
    await place.rest('POST', '/api/email', { email: 'ann@example.org', password }, ann.token);
    await place.rest('POST', '/api/reset', { who: 'ann' });
    await vi.waitFor(() => expect(mails).toHaveLength(1));
    const [, reset = ''] = /#\/reset\/(\S+)/.exec(mails[0] ?? '') ?? [];
    const invitation = await place.invite(ann, 'account');
    await suspend(ann);
    const byLinks = async () => [
      await outcome(place.rest('POST', '/api/reset/finish', { secret: reset, password })),
      await outcome(place.rest('POST', '/api/link', { secret: invitation })),
      await outcome(place.rest('POST', '/api/join', { secret: invitation, name: 'eve', password })),
    ];
    expect(await byLinks()).toEqual(['link_ended', 'link_ended', 'link_ended']);
    expect(await outcome(me(ann.token))).toBe('unauthenticated');
    expect([await outcome(logIn('ann')), await outcome(logIn('ann', 'wrong password'))]).toEqual([
      'suspended',
      'credentials_wrong',
    ]);
    expect(chatErrorCodes.suspended.httpStatus).toBe(403);
    await place.rest('POST', '/api/reset', { who: 'ann' });
    await place.rest('POST', '/api/reset', { who: 'ann@example.org' });
    expect(await outcome(reactivate(ann))).toBe(200);
    expect(await outcome(me(ann.token))).toBe('unauthenticated');
    expect(await byLinks()).toEqual(['link_ended', 200, 201]);
    expect(await outcome(logIn('ann'))).toBe(200);
    expect(mails).toHaveLength(1);
  });

  test('a log-in whose password is being checked during the suspension is refused', async () => {
    await start();
    const { createCredential } = place.store;
    vi.spyOn(place.store, 'createCredential').mockImplementationOnce(async (...parts) => {
      await suspend(ann);
      return createCredential(...parts);
    });
    expect(await outcome(logIn('ann'))).toBe('suspended');
    vi.restoreAllMocks();
    expect(await place.store.credentials(ann.id)).toEqual([]);
  });

  test('suspending refuses tokens that the host application signs, later ones too, until the account is reactivated', async () => {
    const [issuer, audience, secret] = ['https://host.example.org', 'chat', 'ab'.repeat(16)];
    const key = { kind: 'secret', text: secret } as const;
    const filesDirectory = await mkdtemp(join(tmpdir(), 'everywire-offboarding-'));
    const jwt = { algorithm: 'HS256', issuer, audience, key } as const;
    await start({ jwt, filesDirectory, limits: { clockToleranceSeconds: 2 } });
    const sign = (name: string, seconds = 0): Promise<string> =>
      new SignJWT({ name, preferred_username: 'carl' })
        .setProtectedHeader({ alg: 'HS256' })
        .setIssuer(issuer)
        .setAudience(audience)
        .setSubject('42')
        .setIssuedAt(Math.floor(Date.now() / 1_000) + seconds)
        .setExpirationTime('10m')
        .sign(Buffer.from(secret));
    // The clock of the host application may be ahead of ours.
    const before = await sign('Carl', 1);
    const carl: TestPerson = { id: 4, name: 'carl', token: before };
    const session = await place.connect(carl);
    expect((await shownPeople('carl'))[0]).toMatchObject({
      connected: true,
      devices: 0,
      lastSeenAt: expect.any(Number),
    });
    const cookie = (await place.rest('POST', '/api/files/cookie', undefined, before)).headers.get('set-cookie') ?? '';
    const file = (): Promise<Response> =>
      fetch(`${place.url}/api/files/${'a'.repeat(32)}`, { headers: { cookie: cookie.split(';')[0] ?? '' } });
    expect(await outcome(file())).toBe('not_found');
    await suspend(carl);
    expect(await session.closed).toBe('revoked');
    expect(await outcome(file())).toBe('unauthenticated');
    const later = await sign('Carl C.', 2);
    expect([await outcome(me(before)), await outcome(me(later))]).toEqual(['unauthenticated', 'unauthenticated']);
    expect((await place.store.users([4]))[0]?.displayName).toBe('Carl');
    await reactivate(carl);
    expect([await outcome(me(before)), await outcome(file())]).toEqual(['unauthenticated', 'unauthenticated']);
    await vi.waitFor(async () => expect(await outcome(me(await sign('Carl C.', 2)))).toBe(200), { timeout: 20_000 });
    await remove(carl, 'keep');
    expect(await outcome(me(await sign('Carl again', 2)))).toBe('unauthenticated');
    expect(await place.store.countUsers()).toBe(4);
    await rm(filesDirectory, { recursive: true });
  });

  test('group links of a suspended person admit no one until the account is reactivated', async () => {
    await start();
    const [hers, his] = [await place.connect(ann), await place.connect(bob)];
    const { conversation } = await hers.ok({ command: 'createGroup', name: 'g', users: [] });
    const secret = 'a'.repeat(32);
    await hers.ok({ command: 'createInvite', conversation, secret, expiresAt: null, usesMax: null });
    await suspend(ann);
    expect(await his.code({ command: 'join', conversation, secret })).toBe('invite_ended');
    expect(await his.code({ command: 'invitation', conversation, secret })).toBe('invite_ended');
    await reactivate(ann);
    expect(await his.ok({ command: 'invitation', conversation, secret })).toMatchObject({ name: 'g' });
    expect(await his.ok({ command: 'join', conversation, secret })).toMatchObject({ conversation });
  });

  test('[CH-47] group links of a removed admin admit no one, not even another account of theirs', async () => {
    await start();
    const [hers, his, other] = [await place.connect(ann), await place.connect(bob), await place.connect(root)];
    const { conversation } = await hers.ok({ command: 'createGroup', name: 'g', users: [bob.id] });
    await hers.ok({ command: 'setRole', conversation, user: bob.id, role: 'admin' });
    const secret = 'a'.repeat(32);
    await his.ok({ command: 'createInvite', conversation, secret, expiresAt: null, usesMax: null });
    expect(await other.ok({ command: 'invitation', conversation, secret })).toMatchObject({ name: 'g' });
    await hers.ok({ command: 'remove', conversation, user: bob.id });
    expect(await his.code({ command: 'join', conversation, secret })).toBe('denied');
    expect(await other.code({ command: 'join', conversation, secret })).toBe('invite_ended');
    expect(await other.code({ command: 'invitation', conversation, secret })).toBe('invite_ended');
    expect(await hers.ok({ command: 'invites', conversation })).toMatchObject({ invites: [] });
  });

  test('the last administrator cannot be suspended, but one of two can', async () => {
    await start();
    expect(await outcome(suspend(root))).toBe('last_administrator');
    expect(await outcome(remove(root, 'keep'))).toBe('last_administrator');
    expect(await outcome(me(root.token))).toBe(200);
    await place.rest('PATCH', `/api/people/${ann.id}/role`, { role: 'administrator' }, root.token);
    expect(await outcome(suspend(root))).toBe(200);
    expect(await outcome(act('POST', `/${ann.id}/suspend`, ann))).toBe('last_administrator');
    expect(await outcome(act('POST', `/${root.id}/reactivate`, ann))).toBe(200);
  });

  test('[CH-40.6] no one can begin a conversation with a suspended person, and existing conversations continue', async () => {
    await start();
    const session = await place.connect(bob);
    const carl = await place.register('carl');
    const { conversation } = await session.ok({ command: 'createDirect', peer: ann.id });
    const { conversation: group } = await session.ok({ command: 'createGroup', name: 'g', users: [] });
    await session.ok({ command: 'people', ids: [ann.id] });
    for (const person of [ann, carl]) await suspend(person);
    await session.event('profile', ({ profile }) => profile.id === ann.id && profile.state === 'suspended');
    expect((await session.ok({ command: 'findPeople', query: '', after: null })).people.map(({ id }) => id)).toEqual([
      bob.id,
      root.id,
    ]);
    expect(await session.code({ command: 'createDirect', peer: carl.id })).toBe('not_found');
    expect(await session.code({ command: 'createGroup', name: 'h', users: [ann.id] })).toBe('not_found');
    expect(await session.code({ command: 'add', conversation: group, users: [ann.id] })).toBe('not_found');
    expect((await session.ok({ command: 'createDirect', peer: ann.id })).conversation).toBe(conversation);
    expect(await session.code({ command: 'send', conversation, text: 'for later' })).toBe('ok');
    const found = await session.ok({ command: 'findConversations', query: 'ann', after: null });
    expect(found.entries.map((entry) => entry.conversation)).toEqual([conversation]);
  });
});

interface Shown {
  readonly id: number;
  readonly name: string;
  readonly state: string;
  readonly devices: number;
  readonly connected: boolean;
  readonly lastSeenAt: number | null;
}

/** Searches the administrator's list of people. */
async function shownPeople(query: string, more = ''): Promise<readonly Shown[]> {
  const answer = await act('GET', `?query=${encodeURIComponent(query)}${more}`);
  return ((await answer.json()) as { readonly people: readonly Shown[] }).people;
}

describe('the list of people', () => {
  test('the list of people shows role, state, devices and last seen, and can be searched and paged', async () => {
    await start({ limits: { accountsPageMax: 2 }, wallNow: () => 1_700_000_000_000 });
    await logIn('ann');
    await place.connect(ann);
    await suspend(bob);
    const page = (await (await act('GET', '')).json()) as { readonly people: readonly Shown[]; readonly next: number };
    expect(page.people).toMatchObject([
      { name: 'ann', role: 'member', state: 'active', devices: 2, connected: true, lastSeenAt: 1_700_000_000_000 },
      { name: 'bob', role: 'member', state: 'suspended', devices: 0, connected: false, lastSeenAt: 1_700_000_000_000 },
    ]);
    expect(page.next).toBe(bob.id);
    expect(await shownPeople('', `&after=${page.next}`)).toMatchObject([{ name: 'root', role: 'administrator' }]);
    expect((await shownPeople('NN')).map(({ name }) => name)).toEqual(['ann']);
    expect((await shownPeople('', '&state=suspended')).map(({ name }) => name)).toEqual(['bob']);
    const { devices } = (await (await act('GET', `/${ann.id}/devices`)).json()) as {
      readonly devices: readonly object[];
    };
    expect(devices.map((device) => Reflect.get(device, 'connected')).sort()).toEqual([false, true]);
    for (const wrong of ['?state=deleted', '?after=x', '?more=1'])
      expect(await outcome(act('GET', wrong))).toBe('invalid');
    expect(await outcome(act('GET', '/99/devices'))).toBe('not_found');
  });

  test('signing a person out everywhere ends their sessions and tokens, and they can sign in again', async () => {
    await start();
    const session = await place.connect(ann);
    expect(await outcome(act('POST', `/${ann.id}/sign-out`))).toBe(204);
    expect(await session.closed).toBe('revoked');
    expect(await outcome(me(ann.token))).toBe('unauthenticated');
    expect(await outcome(logIn('ann'))).toBe(200);
    expect(await outcome(act('POST', '/99/sign-out'))).toBe('not_found');
  });

  test('every action of an administrator is one audit line that names who did what to whom, and nothing else', async () => {
    await start();
    await place.rest('PATCH', `/api/people/${bob.id}/role`, { role: 'administrator' }, root.token);
    for (const path of ['suspend', 'reactivate', 'sign-out']) await act('POST', `/${ann.id}/${path}`);
    await remove(ann, 'remove');
    await suspend(root).then(() => undefined);
    await act('POST', '/99/suspend', bob);
    expect(place.lines.filter((line) => line.startsWith('Audit'))).toEqual([
      `Audit: administrator ${root.id} made an administrator account ${bob.id}.`,
      `Audit: administrator ${root.id} suspended account ${ann.id}.`,
      `Audit: administrator ${root.id} reactivated account ${ann.id}.`,
      `Audit: administrator ${root.id} signed out everywhere account ${ann.id}.`,
      `Audit: administrator ${root.id} deleted (texts removed) account ${ann.id}.`,
      `Audit: administrator ${root.id} suspended account ${root.id}.`,
    ]);
  });
});

describe('deleting', () => {
  const erased = (person: TestPerson): Promise<void> =>
    vi.waitFor(() => expect(place.lines).toContain(`Account ${person.id} is erased.`), { timeout: 60_000 });

  test('[CH-40.1] a deleted person is locked out immediately, loses their name, and their groups get another owner', async () => {
    await start();
    const carl = await place.register('carl');
    const [session, others] = [await place.connect(ann), await place.connect(bob)];
    const users = [bob.id, carl.id];
    const { conversation: led } = await session.ok({ command: 'createGroup', name: 'Led', users });
    await session.ok({ command: 'setRole', conversation: led, user: carl.id, role: 'admin' });
    const { conversation: plain } = await session.ok({ command: 'createGroup', name: 'Plain', users });
    await suspend(bob);
    await reactivate(bob);
    const { token } = (await (await logIn('bob')).json()) as { readonly token: string };
    const watching = await place.connect({ ...bob, token });
    expect(await others.closed).toBe('revoked');
    await watching.ok({ command: 'people', ids: [ann.id] });
    expect(await outcome(remove(ann, 'keep'))).toBe(204);
    expect(await session.closed).toBe('revoked');
    const deleted = { id: ann.id, name: '', displayName: '', state: 'deleted' };
    expect((await watching.event('profile', ({ profile }) => profile.state === 'deleted')).profile).toEqual(deleted);
    await erased(ann);
    expect((await watching.ok({ command: 'people', ids: [ann.id] })).people).toEqual([deleted]);
    const roleOf = async (user: number, conversation: number) =>
      (await place.store.entry(user, conversation)).entry?.role;
    expect([await roleOf(carl.id, led), await roleOf(bob.id, plain)]).toEqual(['owner', 'owner']);
    expect((await place.store.entry(ann.id, led)).entry?.member).toBe(false);
    expect(await place.store.erasures()).toEqual([]);
    expect([await outcome(suspend(ann)), await outcome(reactivate(ann)), await outcome(remove(ann, 'keep'))]).toEqual([
      ...['not_found', 'not_found', 'not_found'],
    ]);
    expect(await outcome(logIn('ann'))).toBe('credentials_wrong');
    expect(await outcome(place.rest('POST', '/api/register', { name: 'ann', password }))).toBe(201);
  });

  test('of two concurrent deletions of one person, the later one gets `not_found`', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'everywire-offboarding-'));
    await start({ filesDirectory: directory });
    const { suspendUser } = place.store;
    const deleted: Response[] = [];
    vi.spyOn(place.store, 'suspendUser').mockImplementation(async (...asked) => {
      const suspended = await suspendUser.apply(place.store, asked);
      // The other deletion completes before this one continues.
      if (vi.mocked(place.store.suspendUser).mock.calls.length === 1) deleted.push(await remove(ann, 'keep'));
      return suspended;
    });
    expect(await outcome(remove(ann, 'keep'))).toBe('not_found');
    expect(deleted.map(({ status }) => status)).toEqual([204]);
    vi.restoreAllMocks();
    await rm(directory, { recursive: true });
  });

  test('[CH-27.6] a group is not handed to a suspended person while there is another member', async () => {
    await start();
    const carl = await place.register('carl');
    const session = await place.connect(ann);
    const { conversation } = await session.ok({ command: 'createGroup', name: 'g', users: [bob.id, carl.id] });
    await session.ok({ command: 'setRole', conversation, user: bob.id, role: 'admin' });
    await suspend(bob);
    await remove(ann, 'keep');
    await erased(ann);
    expect((await place.store.entry(carl.id, conversation)).entry?.role).toBe('owner');
  });

  test('[CH-27.6] a group is handed to a guest only if there is no other member', async () => {
    await start();
    const secret = await place.invite(root, 'guest', 9);
    const guests = [await place.guest(secret, 'one'), await place.guest(secret, 'two')];
    const session = await place.connect(ann);
    const create = async (...users: readonly number[]): Promise<number> => {
      const { conversation } = await session.ok({ command: 'createGroup', name: 'g', users: [] });
      for (const user of users) await session.ok({ command: 'add', conversation, users: [user] });
      return conversation;
    };
    const roleOf = async ({ id }: TestPerson, conversation: number) =>
      (await place.store.entry(id, conversation)).entry?.role;
    const [one, two] = guests as [TestPerson, TestPerson];
    const [mixed, deleted] = [await create(one.id, two.id, bob.id), await create(one.id, bob.id)];
    const alone = await create(one.id, two.id);
    for (const conversation of [mixed, alone]) await session.ok({ command: 'leave', conversation });
    await remove(ann, 'keep');
    await erased(ann);
    expect([await roleOf(bob, mixed), await roleOf(bob, deleted)]).toEqual(['owner', 'owner']);
    expect([await roleOf(one, alone), await roleOf(two, alone)]).toEqual(['owner', 'member']);
  });

  test.each(['keep', 'remove'] as const)(
    '[CH-40.1] [CH-40.4] [CH-40.5] %s: notes and drafts are erased, and texts in shared conversations are kept or removed as chosen',
    async (texts) => {
      await start({ limits: { erasedTextsAtOnce: 2, erasureRetryMs: 20 } });
      const [session, other] = [await place.connect(ann), await place.connect(bob)];
      const { conversation: direct } = await session.ok({ command: 'createDirect', peer: bob.id });
      const { conversation: group } = await session.ok({ command: 'createGroup', name: 'g', users: [bob.id] });
      const { conversation: left } = await other.ok({ command: 'createGroup', name: 'h', users: [ann.id] });
      const { conversation: notes } = await session.ok({ command: 'createNotes' });
      for (const conversation of [direct, group, left, notes])
        for (const number of [1, 2, 3]) await session.ok({ command: 'send', conversation, text: `hers ${number}` });
      await session.ok({ command: 'leave', conversation: left });
      await session.ok({ command: 'draft', conversation: direct, text: 'unsaid', base: 0 });
      await other.ok({ command: 'send', conversation: direct, text: 'his' });
      await remove(ann, texts);
      await erased(ann);
      const kind = texts === 'keep' ? 'text' : 'recalled';
      for (const conversation of [direct, group, left])
        expect(await kindsSentBy(ann, conversation)).toEqual([kind, kind, kind]);
      if (texts === 'remove') await other.event('commit', ({ row }) => row?.body.kind === 'recalled');
      expect((await place.store.entry(ann.id, notes)).entry?.ended).toBe('deleted');
      expect((await place.store.entry(ann.id, direct)).entry?.draft.text).toBe('');
    },
  );

  test('notes, drafts, devices, files and removed texts of an erased person leave no trace in the database file or its log', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'everywire-offboarding-'));
    const file = join(directory, 'store.sqlite');
    const store = createSqliteStore({ file, checkpoint: 'inline', search: 'inline', limits: { erasePauseMs: 0 } });
    await start({ store, filesDirectory: directory, limits: { erasureRetryMs: 20 } });
    const eve = (await (
      await place.rest('POST', '/api/register', {
        name: 'wolverine',
        displayName: 'Wolverine Ω',
        password,
        label: 'Wolverine phone',
        email: 'wolverine@example.org',
      })
    ).json()) as { readonly me: { readonly id: number }; readonly token: string };
    const person: TestPerson = { id: eve.me.id, name: 'wolverine', token: eve.token };
    await place.rest('PATCH', '/api/me', { status: 'wolverine at work' }, person.token);
    await place.rest(
      'POST',
      '/api/invitations',
      { kind: 'account', usesMax: 1, days: 1, label: 'wolverine cub' },
      person.token,
    );
    const [session, other] = [await place.connect(person), await place.connect(bob)];
    const { conversation: notes } = await session.ok({ command: 'createNotes' });
    const { conversation: group } = await session.ok({ command: 'createGroup', name: 'g', users: [bob.id] });
    for (let number = 0; number < 30; number += 1) {
      await session.ok({ command: 'send', conversation: group, text: `said by a wolverine ${number}` });
      await session.ok({ command: 'send', conversation: notes, text: `noted by a wolverine ${number}` });
      await other.ok({ command: 'send', conversation: group, text: `heron ${number}` });
    }
    await session.ok({ command: 'draft', conversation: group, text: 'wolverine draft', base: 0 });
    await picture(person, directory);
    expect(await trace(directory, file, /wolverine/i)).toBeGreaterThan(60);
    await remove(person, 'remove');
    await erased(person);
    await vi.waitFor(async () => expect(await trace(directory, file, /wolverine/i)).toBe(0), { timeout: 60_000 });
    expect(await trace(directory, file, /heron/)).toBeGreaterThan(29);
    const left = await readdir(join(directory, 'files'), { recursive: true, withFileTypes: true });
    expect(left.filter((entry) => entry.isFile()).map(({ name }) => name)).toEqual(['store-id']);
    vi.restoreAllMocks();
    await place.store.close();
    await rm(directory, { recursive: true });
  });

  test('a server stopped during an erasure continues it at its next start', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'everywire-offboarding-'));
    const options = { file: join(directory, 'store.sqlite'), checkpoint: 'inline', search: 'inline' } as const;
    await start({ store: createSqliteStore(options) });
    const session = await place.connect(ann);
    const { conversation } = await session.ok({ command: 'createGroup', name: 'g', users: [bob.id] });
    const { sequence } = await session.ok({ command: 'send', conversation, text: 'hers' });
    vi.spyOn(place.store, 'memberships').mockRejectedValue(new Error('stopped here'));
    await remove(ann, 'remove');
    await vi.waitFor(() => expect(place.lines.some((line) => line.includes('stopped here'))).toBe(true));
    vi.restoreAllMocks();
    await place.stop();
    place = await TestPlace.start({ store: createSqliteStore(options) });
    await erased(ann);
    const page = await place.store.page(bob.id, conversation, { anchor: { at: 'end' }, limit: 9, check: null });
    expect(page.outcome === 'page' && page.rows.find((row) => row.sequence === sequence)?.body.kind).toBe('recalled');
    await rm(directory, { recursive: true });
  });
});

/** Returns the kinds (`text`, `recalled`) of the person's messages that Bob sees. */
async function kindsSentBy({ id }: TestPerson, conversation: number): Promise<readonly string[]> {
  const page = await place.store.page(bob.id, conversation, { anchor: { at: 'end' }, limit: 30, check: null });
  const rows = page.outcome === 'page' ? page.rows : [];
  return rows.flatMap(({ sender, body }) => (sender === id && body.kind !== 'service' ? [body.kind] : []));
}

/** Uploads a picture and makes it the person's picture. */
async function picture(person: TestPerson, directory: string): Promise<void> {
  const image = await sharp({ create: { width: 40, height: 30, channels: 3, background: '#2a6' } })
    .png()
    .toBuffer();
  const headers = { 'tus-resumable': '1.0.0', authorization: `Bearer ${person.token}` };
  const begun = await fetch(`${place.url}/api/files/uploads`, {
    method: 'POST',
    headers: {
      ...headers,
      'upload-length': String(image.length),
      'upload-metadata': `filename ${btoa('wolverine.png')}`,
    },
  });
  const path = begun.headers.get('location') ?? '';
  const patch = { ...headers, 'upload-offset': '0', 'content-type': 'application/offset+octet-stream' };
  await fetch(place.url + path, { method: 'PATCH', headers: patch, body: new Uint8Array(image) });
  const id = path.split('/').at(-1) ?? '';
  await place.rest('POST', `/api/files/${id}`, undefined, person.token);
  expect((await place.rest('PUT', '/api/me/avatar', { file: id }, person.token)).status).toBe(200);
  const names = await readdir(join(directory, 'files'), { recursive: true });
  expect(names.filter((name) => name.endsWith('.avatar'))).toHaveLength(1);
}

/** Counts the matches in the database, its log and the files next to them. */
async function trace(directory: string, file: string, pattern: RegExp): Promise<number> {
  const { readFile } = await import('node:fs/promises');
  const names = (await readdir(directory)).filter((name) => join(directory, name).startsWith(file));
  const texts = await Promise.all(names.map((name) => readFile(join(directory, name), 'latin1')));
  return texts.join('\n').match(new RegExp(pattern, `${pattern.flags}g`))?.length ?? 0;
}
