import { expect, test } from 'vitest';
import { isNameReserved } from './reserved-names.js';

test('a name with a meaning in searches or mentions cannot be registered, in any case and width', () => {
  const reserved = ['me', 'ME', 'ｍｅ', 'all', 'All', 'everybody', 'everyone', 'here', 'channel', '所有人', '全体成员'];
  expect(reserved.map((name) => isNameReserved(name, [], 'anyone'))).toEqual(reserved.map(() => true));
  expect(reserved.map((name) => isNameReserved(name, [], 'operator'))).toEqual(reserved.map(() => true));
});

test('only the first administrator can take a name that denotes operators', () => {
  const latin = ['admin', 'Admin', 'ＡＤＭＩＮ', 'administrator', 'root', 'sysadmin', 'system', 'support', 'helpdesk'];
  const reserved = [...latin, 'moderator', 'official', 'Everywire', '管理员', '管理員', '系统', '系統', '客服', '官方'];
  expect(reserved.map((name) => isNameReserved(name, [], 'anyone'))).toEqual(reserved.map(() => true));
  expect(reserved.map((name) => isNameReserved(name, [], 'operator'))).toEqual(reserved.map(() => false));
});

test('a name with the prefix of guests cannot be registered', () => {
  const names = ['guest-12345678', 'Guest-ann', 'ｇｕｅｓｔ－ａｎｎ', 'guest-'];
  expect(names.map((name) => isNameReserved(name, [], 'anyone'))).toEqual(names.map(() => true));
  expect(names.map((name) => isNameReserved(name, [], 'operator'))).toEqual(names.map(() => true));
  expect(['guest', 'guests', 'guest.ann', 'my-guest-1'].map((name) => isNameReserved(name, [], 'anyone'))).toEqual(
    Array.from({ length: 4 }, () => false),
  );
});

test('names that only start like a reserved one are free, and the operator may reserve more', () => {
  const names = ['meg', 'all-1', 'hereford', 'admin-ann', 'sales', 'SALES'];
  expect(names.map((name) => isNameReserved(name, [], 'anyone'))).toEqual(names.map(() => false));
  const free = [false, false, false, false, true, true];
  expect(names.map((name) => isNameReserved(name, ['Sales'], 'anyone'))).toEqual(free);
  expect(names.map((name) => isNameReserved(name, ['Sales'], 'operator'))).toEqual(free);
});
