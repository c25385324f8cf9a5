import { expect, test } from 'vitest';
import { parseDisplayName, parsePersonName } from './person-name.js';

test.each([
  ['ada', 'ada'],
  ['Ada.Lovelace_1-x', 'Ada.Lovelace_1-x'],
  ['小明', '小明'],
  ['ＡＤＡ', 'ADA'],
  ['  ada  ', 'ada'],
  ['é'.repeat(32), 'é'.repeat(32)],
])('accepts the name %j as %j', (text, expected) => {
  expect(parsePersonName(text)).toBe(expected);
});

test.each([
  '',
  'a',
  '明',
  'a b',
  'a@b',
  '<b>x</b>',
  '.ada',
  '-ada',
  'a\u202eb',
  'a\u0000b',
  'x'.repeat(33),
  '👍👍',
  'a/b',
])('refuses the name %j', (text) => {
  expect(parsePersonName(text)).toBeNull();
});

test.each([
  ['Ada  Lovelace', 'Ada Lovelace'],
  ['👩‍👧 Mum', '👩‍👧 Mum'],
  ['李 小明', '李 小明'],
])('shows the display name %j as %j', (text, expected) => {
  expect(parseDisplayName(text)).toBe(expected);
});

test.each(['', '   ', 'a\u202eb', 'a\u0007', 'x'.repeat(65), '\ud800'])('refuses the display name %j', (text) => {
  expect(parseDisplayName(text)).toBeNull();
});
