import type { Accounts } from '@everywire/chat';
import { Secret, TOTP } from 'otpauth';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { type TestPerson, TestPlace } from './test-place.js';

const password = 'correct horse';
/* Suspends an account after one of its requests was admitted and checked, just before the store makes the change. */

let place: TestPlace;
let root: TestPerson;
let ann: TestPerson;

beforeEach(async () => {
  place = await TestPlace.start();
  root = await place.setUp();
  ann = await place.register('ann');
});

afterEach(async () => {
  vi.restoreAllMocks();
  await place.stop();
});

/** Returns the status of a success, or the code of a refusal. */
async function outcome(answer: Response): Promise<number | string> {
  const text = await answer.text();
  const { code } = (text === '' ? {} : JSON.parse(text)) as { readonly code?: string };
  return code ?? answer.status;
}

/** Suspends or reactivates a user. */
async function administer(person: TestPerson, act: 'suspend' | 'reactivate'): Promise<void> {
  expect(await outcome(await place.rest('POST', `/api/people/${person.id}/${act}`, undefined, root.token))).toBe(200);
}

/** Suspends the user just before the next call of this method of the store. */
function suspendBefore(change: keyof Accounts & string, person: TestPerson): void {
  const original = Reflect.get(place.store, change) as (...parts: unknown[]) => Promise<unknown>;
  const spy = vi.spyOn(place.store as unknown as Record<string, typeof original>, change);
  spy.mockImplementationOnce(async (...parts) => {
    await administer(person, 'suspend');
    return original.apply(place.store, parts);
  });
}

/** Returns everything in the store that a request of the user could change. */
async function storedState({ id }: TestPerson): Promise<unknown> {
  const [user] = await place.store.users([id]);
  const [details, factor] = [await place.store.privateDetails(id), await place.store.secondFactor(id)];
  const known = await place.store.passwordHash(user?.name ?? '');
  return { user: { ...user, state: 'any' }, email: details?.email, hash: known?.passwordHash, factor };
}

/** Begins the second factor of Ann and returns how her device makes codes. */
async function beginFactor(): Promise<(inMs?: number) => string> {
  const begun = await place.rest('POST', '/api/second-factor', { password }, ann.token);
  const { secret } = (await begun.json()) as { readonly secret: string };
  const device = new TOTP({ secret: Secret.fromBase32(secret) });
  return (inMs = 0) => device.generate({ timestamp: Date.now() + inMs });
}

const post = (path: string, body: unknown, by = ann): Promise<Response> => place.rest('POST', path, body, by.token);

const nothing = async (): Promise<string> => '';

test.each<{
  readonly what: string;
  readonly change: keyof Accounts & string;
  /** Runs before the account is suspended; returns a code of the second factor. */
  readonly prepare: () => Promise<string>;
  readonly send: (code: string) => Promise<Response>;
}>([
  {
    what: 'a changed profile',
    change: 'changeUser',
    prepare: nothing,
    send: () => place.rest('PATCH', '/api/me', { displayName: 'Anne', status: 'gone' }, ann.token),
  },
  {
    what: 'a new e-mail address',
    change: 'changeUser',
    prepare: nothing,
    send: () => post('/api/email', { email: 'eve@example.org', password }),
  },
  {
    what: 'a new password',
    change: 'setPasswordHash',
    prepare: nothing,
    send: () => post('/api/password', { current: password, next: 'battery staple' }),
  },
  {
    what: 'beginning a second factor',
    change: 'beginSecondFactor',
    prepare: nothing,
    send: () => post('/api/second-factor', { password }),
  },
  {
    what: 'switching a second factor on',
    change: 'confirmSecondFactor',
    prepare: async () => (await beginFactor())(),
    send: (code) => post('/api/second-factor/confirm', { code }),
  },
  {
    what: 'switching a second factor off',
    change: 'removeSecondFactor',
    prepare: async () => {
      const code = await beginFactor();
      await post('/api/second-factor/confirm', { code: code() });
      return code(30_000);
    },
    send: (code) => post('/api/second-factor/remove', { password, code }),
  },
])('$what is refused and changes nothing if the person is suspended in the meantime', async (each) => {
  const code = await each.prepare();
  const before = await storedState(ann);
  suspendBefore(each.change, ann);
  expect(await outcome(await each.send(code))).toBe('unauthenticated');
  expect(await storedState(ann)).toEqual(before);
});

test('the upgrade of a guest is refused and changes nothing if the guest is suspended in the meantime', async () => {
  const guest = await place.guest(await place.invite(ann, 'guest'));
  const before = await storedState(guest);
  suspendBefore('changeUser', guest);
  expect(await outcome(await post('/api/upgrade', { name: 'gus', password }, guest))).toBe('unauthenticated');
  expect(await storedState(guest)).toEqual(before);
});

test('of concurrent upgrades of a guest only one creates an account', async () => {
  const [first, second] = [await place.invite(ann, 'guest'), await place.invite(ann, 'account')];
  const guest = await place.guest(first);
  const asked = [{ name: 'gus' }, { name: 'gil' }, { name: 'gail', secret: second }];
  const answers = await Promise.all(asked.map((each) => post('/api/upgrade', { ...each, password }, guest)));
  const outcomes = await Promise.all(answers.map(outcome));
  expect(outcomes.filter((each) => each === 200)).toHaveLength(1);
  expect(['denied', 'link_ended']).toEqual(expect.arrayContaining(outcomes.filter((each) => each !== 200)));
});

test('an invitation is refused and not stored if its maker is suspended in the meantime', async () => {
  suspendBefore('createLink', ann);
  const invitation = { kind: 'account', usesMax: 1, days: 1 };
  expect(await outcome(await post('/api/invitations', invitation))).toBe('unauthenticated');
  await administer(ann, 'reactivate');
  expect(await place.store.links(ann.id, Date.now(), { after: null, limit: 10 })).toEqual([]);
});

test('concurrent invitations do not exceed the limit of a person', async () => {
  await place.stop();
  place = await TestPlace.start({ limits: { invitationsPerPersonMax: 3 } });
  ann = await place.register('ann');
  const invitation = { kind: 'account', usesMax: 1, days: 1 };
  const answers = await Promise.all(Array.from({ length: 8 }, () => post('/api/invitations', invitation)));
  const outcomes = await Promise.all(answers.map(outcome));
  expect(outcomes.filter((each) => each === 201)).toHaveLength(3);
  expect(outcomes.filter((each) => each === 'too_many')).toHaveLength(5);
});
