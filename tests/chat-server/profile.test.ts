import { afterEach, beforeEach, expect, test } from 'vitest';
import { type TestPerson, TestPlace } from './test-place.js';

let place: TestPlace;
let ann: TestPerson;
beforeEach(async () => {
  place = await TestPlace.start();
  ann = await place.register('ann');
});
afterEach(() => place.stop());

async function ask(request: string, body?: unknown): Promise<Record<string, unknown>> {
  const [method = '', path = ''] = request.split(' ');
  const response = await place.rest(method, path, body, ann.token);
  const text = await response.text();
  return { status: response.status, ...(text === '' ? {} : (JSON.parse(text) as object)) };
}

test('name and status are changed, are what others see, and can be taken back', async () => {
  const me = { id: ann.id, name: 'ann', displayName: 'Ann 陈', status: '在湖边' };
  expect(await ask('PATCH /api/me', { displayName: ' Ann  陈 ', status: '在湖边' })).toEqual({ status: 200, me });
  const session = await place.connect(await place.register('bob'));
  expect((await session.ok({ command: 'people', ids: [ann.id] })).people).toEqual([me]);
  const { status: _said, ...silent } = me;
  expect(await ask('PATCH /api/me', { status: '' })).toEqual({ status: 200, me: silent });
});

test.each([
  [{ displayName: ' ' }, 'name_invalid'],
  [{ displayName: 'x\u202etxt' }, 'name_invalid'],
  [{ status: 'x'.repeat(101) }, 'status_invalid'],
  [{ status: 'a\u0007b' }, 'status_invalid'],
  [{ role: 'administrator' }, 'invalid'],
  [{ name: 'root' }, 'invalid'],
  [{ status: { $gt: '' } }, 'invalid'],
])('[A9] [A10] [D8] refuses to change %j with %s', async (change, code) => {
  expect(await ask('PATCH /api/me', change)).toMatchObject({ code });
  expect(await ask('GET /api/account')).toMatchObject({ role: 'member', me: { displayName: 'ann' } });
});

test('a mail address is for oneself alone, and takes the password to set', async () => {
  const set = (email: string, password = 'correct horse') => ask('POST /api/email', { email, password });
  expect(await set('ann@example.org', 'wrong wrong')).toMatchObject({ code: 'credentials_wrong' });
  expect(await set('ann@example.org\r\nBcc: all@example.org')).toMatchObject({ code: 'email_invalid' });
  expect(await set(' ann@example.org ')).toEqual({ status: 204 });
  expect(await ask('GET /api/account')).toMatchObject({
    email: 'ann@example.org',
    hasPassword: true,
    secondFactor: false,
  });
  expect(JSON.stringify(await ask('GET /api/me'))).not.toContain('example.org');
  expect(await set('')).toEqual({ status: 204 });
  expect(await ask('GET /api/account')).toMatchObject({ email: '' });
});
