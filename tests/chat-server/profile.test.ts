import { afterEach, beforeEach, expect, test } from 'vitest';
import { type TestPerson, TestPlace } from './test-place.js';

let place: TestPlace;
let ann: TestPerson;
beforeEach(async () => {
  place = await TestPlace.start();
  ann = await place.register('ann');
});
afterEach(() => place.stop());

/** Sends a request such as `PATCH /api/me` as Ann. Returns its status and the fields of its body. */
async function ask(request: string, body?: unknown): Promise<Record<string, unknown>> {
  const [method = '', path = ''] = request.split(' ');
  const response = await place.rest(method, path, body, ann.token);
  const text = await response.text();
  return { status: response.status, ...(text === '' ? {} : (JSON.parse(text) as object)) };
}

test('name and status can be changed, are shown to others, and can be reset', async () => {
  const me = { id: ann.id, name: 'ann', displayName: 'Ann 陈', status: '在湖边' };
  expect(await ask('PATCH /api/me', { displayName: ' Ann  陈 ', status: '在湖边' })).toEqual({ status: 200, me });
  const session = await place.connect(await place.register('bob'));
  expect((await session.ok({ command: 'people', ids: [ann.id] })).people).toEqual([me]);
  const { status: _said, ...silent } = me;
  expect(await ask('PATCH /api/me', { status: '' })).toEqual({ status: 200, me: silent });
});

test('[CM-14.1] [CM-14.2] [CM-14.4] a change of a profile is sent, whole, to those who asked for the person, and to no one else', async () => {
  const [looking, other] = [await place.register('bob'), await place.register('eve')];
  const [session, silent] = [await place.connect(looking), await place.connect(other)];
  await session.ok({ command: 'people', ids: [ann.id] });
  // A blocked person still gets the name, because they could query it.
  await (await place.connect(ann)).ok({ command: 'block', user: looking.id, blocked: true });
  await ask('PATCH /api/me', { displayName: 'Anna' });
  expect(await session.event('profile')).toEqual({
    event: 'profile',
    profile: { id: ann.id, name: 'ann', displayName: 'Anna' },
  });
  await ask('PATCH /api/me', { status: 'at the lake' });
  await ask('PATCH /api/me', { status: 'on the train' });
  // Two changes within a second are sent as one event, with the latest values.
  await session.event('profile', ({ profile }) => profile.status === 'on the train');
  expect(session.events.filter(({ event }) => event === 'profile').length).toBeLessThanOrEqual(3);
  await silent.settle();
  expect(silent.events).toEqual([]);
});

test('[CM-14.2] a session gets changes of the people it asked for most recently, up to the limit', async () => {
  await place.stop();
  place = await TestPlace.start({ limits: { profilesSeenMax: 2 } });
  ann = await place.register('ann');
  const session = await place.connect(await place.register('bob'));
  for (const ids of [[ann.id], [101], [ann.id], [102]]) await session.ok({ command: 'people', ids });
  await ask('PATCH /api/me', { displayName: 'Anna' });
  await session.event('profile');
  for (const ids of [[101], [102]]) await session.ok({ command: 'people', ids });
  const control = await place.connect(await place.register('eve'));
  await control.ok({ command: 'people', ids: [ann.id] });
  await ask('PATCH /api/me', { displayName: 'Anne' });
  await control.event('profile', ({ profile }) => profile.displayName === 'Anne');
  await session.settle();
  expect(session.events.filter(({ event }) => event === 'profile')).toHaveLength(1);
});

test.each([
  [{ displayName: ' ' }, 'name_invalid'],
  [{ displayName: 'x\u202etxt' }, 'name_invalid'],
  [{ status: 'x'.repeat(101) }, 'status_invalid'],
  [{ status: 'a\u0007b' }, 'status_invalid'],
  [{ role: 'administrator' }, 'invalid'],
  [{ name: 'root' }, 'invalid'],
  [{ status: { $gt: '' } }, 'invalid'],
])('[A9] [A10] [D8] changing the profile to %j is refused with %s', async (change, code) => {
  expect(await ask('PATCH /api/me', change)).toMatchObject({ code });
  expect(await ask('GET /api/account')).toMatchObject({ role: 'member', me: { displayName: 'ann' } });
});

test('an e-mail address is visible only to its owner, and needs the password to set', async () => {
  const set = (email: string, password = 'correct horse') => ask('POST /api/email', { email, password });
  expect(await set('ann@example.org', 'wrong wrong')).toMatchObject({ code: 'password_wrong' });
  expect(await set('ann@example.org\r\nBcc: all@example.org')).toMatchObject({ code: 'email_invalid' });
  expect(await set(' <ann@example.org> ')).toEqual({ status: 204 });
  expect(await ask('GET /api/account')).toMatchObject({
    email: 'ann@example.org',
    hasPassword: true,
    secondFactor: false,
  });
  expect(JSON.stringify(await ask('GET /api/me'))).not.toContain('example.org');
  expect(await set('')).toEqual({ status: 204 });
  expect(await ask('GET /api/account')).toMatchObject({ email: '' });
});
