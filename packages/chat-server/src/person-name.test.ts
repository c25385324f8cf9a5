import { expect, test } from 'vitest';
import { defaultLimits } from './limits.js';
import { parseDisplayName, parseLabel, parsePersonName, parseStatus } from './person-name.js';

test.each([
  ['ada', 'ada'],
  ['Ada.Lovelace_1-x', 'Ada.Lovelace_1-x'],
  ['小明', '小明'],
  ['ＡＤＡ', 'ADA'],
  ['  ada  ', 'ada'],
  ['é'.repeat(32), 'é'.repeat(32)],
])('accepts the name %j as %j', (text, expected) => {
  expect(parsePersonName(text, defaultLimits)).toBe(expected);
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
  expect(parsePersonName(text, defaultLimits)).toBeNull();
});

test.each([
  ['Ada  Lovelace', 'Ada Lovelace'],
  ['👩‍👧 Mum', '👩‍👧 Mum'],
  ['李 小明', '李 小明'],
])('shows the display name %j as %j', (text, expected) => {
  expect(parseDisplayName(text, defaultLimits)).toBe(expected);
});

test.each(['', '   ', 'a\u202eb', 'a\u0007', 'x'.repeat(65), '\ud800'])('refuses the display name %j', (text) => {
  expect(parseDisplayName(text, defaultLimits)).toBeNull();
});

test('how long names, a status and labels may be is as the limits say', () => {
  const names = { nameCharactersMin: 3, nameCharactersMax: 4 };
  expect(['ab', 'abc', 'abcd', 'abcde'].map((text) => parsePersonName(text, names))).toEqual([
    null,
    'abc',
    'abcd',
    null,
  ]);
  expect(['Ada', '李小明明', 'Ada B'].map((text) => parseDisplayName(text, { displayNameCharactersMax: 4 }))).toEqual([
    ...['Ada', '李小明明', null],
  ]);
  expect(['away', 'at sea'].map((text) => parseStatus(text, { statusCharactersMax: 4 }))).toEqual(['away', null]);
  expect(parseLabel('Firefox, Linux', { labelCharactersMax: 7 })).toBe('Firefox');
});
