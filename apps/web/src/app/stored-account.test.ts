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

test('a kept account is read back, replaced by a newer one, and gone once forgotten', () => {
  expect(storedAccount()).toBeNull();
  storeAccount(account);
  expect([storedAccount(), JSON.parse(localStorage.getItem(key) ?? '')]).toEqual([account, account]);
  storeAccount({ ...account, token: 'renewed' });
  expect(storedAccount()).toEqual({ ...account, token: 'renewed' });
  forgetAccount();
  expect([storedAccount(), localStorage.getItem(key)]).toEqual([null, null]);
});

test('an account that is given up is gone, and no other one with it', () => {
  storeAccount(account);
  markSigningOut({ ...account, token: 'older' });
  expect(storedAccount()).toEqual(account);
  markSigningOut(account);
  expect(storedAccount()).toBeNull();
});

test.each([
  ['no JSON', '{'],
  ['null', 'null'],
  ['a number', '7'],
  ['without a token', JSON.stringify({ me: account.me })],
  ['with a token that is no text', JSON.stringify({ ...account, token: 7 })],
  ['without a person', JSON.stringify({ token: 'secret' })],
  ['with an id that is no number', JSON.stringify({ ...account, me: { ...account.me, id: '5' } })],
  ['without a display name', JSON.stringify({ ...account, me: { id: 5, name: 'ann' } })],
])('what is kept %s counts as nobody', (_, kept) => {
  localStorage.setItem(key, kept);
  expect(storedAccount()).toBeNull();
});

test('a browser that forbids storage knows nobody, and no call fails', () => {
  storeAccount(account);
  forbidStorage();
  expect(storedAccount()).toBeNull();
  storeAccount(account);
  forgetAccount();
  vi.unstubAllGlobals();
  expect(storedAccount()).toEqual(account);
});
