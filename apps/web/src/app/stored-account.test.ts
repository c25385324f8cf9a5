// @vitest-environment happy-dom
import { afterEach, expect, test, vi } from 'vitest';
import { forbidStorage } from '../test-kit/forbid-storage.js';
import { forgetAccount, markSigningOut, storeAccount, storedAccount } from './stored-account.js';

const key = 'everywire.account';
const account = { me: { id: 5, name: 'ann', displayName: 'Ann' }, token: 'secret' };

afterEach(() => {
  vi.unstubAllGlobals();
  localStorage.clear();
});

test('a stored account is read back, replaced by a newer one, and removed when forgotten', () => {
  expect(storedAccount()).toBeNull();
  storeAccount(account);
  expect([storedAccount(), JSON.parse(localStorage.getItem(key) ?? '')]).toEqual([account, account]);
  storeAccount({ ...account, token: 'renewed' });
  expect(storedAccount()).toEqual({ ...account, token: 'renewed' });
  forgetAccount();
  expect([storedAccount(), localStorage.getItem(key)]).toEqual([null, null]);
});

test('markSigningOut removes that account and no other', () => {
  storeAccount(account);
  markSigningOut({ ...account, token: 'older' });
  expect(storedAccount()).toEqual(account);
  markSigningOut(account);
  expect(storedAccount()).toBeNull();
});

test.each([
  ['invalid JSON', '{'],
  ['null', 'null'],
  ['a number', '7'],
  ['without a token', JSON.stringify({ me: account.me })],
  ['with a token that is not a string', JSON.stringify({ ...account, token: 7 })],
  ['without a person', JSON.stringify({ token: 'secret' })],
  ['with an id that is not a number', JSON.stringify({ ...account, me: { ...account.me, id: '5' } })],
  ['without a display name', JSON.stringify({ ...account, me: { id: 5, name: 'ann' } })],
])('a stored account that is %s counts as none', (_, kept) => {
  localStorage.setItem(key, kept);
  expect(storedAccount()).toBeNull();
});

test('a browser that forbids storage has no account, and no call fails', () => {
  storeAccount(account);
  forbidStorage();
  expect(storedAccount()).toBeNull();
  storeAccount(account);
  forgetAccount();
  vi.unstubAllGlobals();
  expect(storedAccount()).toEqual(account);
});
