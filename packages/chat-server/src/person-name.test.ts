import { expect, test } from 'vitest';
import { defaultLimits } from './limits.js';
import { parseDisplayName, parseEmail, parseLabel, parsePersonName, parseStatus } from './person-name.js';

// Tests how names, statuses, labels and addresses that users enter are normalized or refused. `null` means refused.

test.each([
  ['ada', 'ada'],
  ['Ada.Lovelace_1-x', 'Ada.Lovelace_1-x'],
  ['小明', '小明'],
  ['ＡＤＡ', 'ADA'],
  ['  ada  ', 'ada'],
  ['é'.repeat(32), 'é'.repeat(32)],
])('the user name %j is accepted as %j', (text, expected) => {
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
  'ann\u3164',
  'a\uffa0nn',
  'an\u034fn',
  '辻\u{e0100}村',
  `ann${'\u0335'.repeat(7)}`,
])('the user name %j is refused', (text) => {
  expect(parsePersonName(text, defaultLimits)).toBeNull();
});

test.each([
  ['Ada  Lovelace', 'Ada Lovelace'],
  ['👩‍👧 Mum', '👩‍👧 Mum'],
  ['李 小明', '李 小明'],
])('the display name %j is accepted as %j', (text, expected) => {
  expect(parseDisplayName(text, defaultLimits)).toBe(expected);
});

test.each([
  ...['', '   ', 'a\u202eb', 'a\u0007', 'x'.repeat(65), '\ud800'],
  ...['\u2800\u2800', '\u3164', '\u115f', '\uffa0', 'Ann\u2800', 'An\u00adn', `Z${'\u0335'.repeat(60)}`],
])('the display name %j is refused', (text) => {
  expect(parseDisplayName(text, defaultLimits)).toBeNull();
});

test('a status may be empty but has no invisible characters', () => {
  const parse = (text: string) => parseStatus(text, defaultLimits);
  expect(['', '  ', 'at sea 🌊', '\u2800', 'at\u200b sea', `a${'\u0301'.repeat(50)}`].map(parse)).toEqual([
    ...['', '', 'at sea 🌊', null, null, null],
  ]);
});

test('a label loses its invisible characters and may become empty', () => {
  const parse = (text: string) => parseLabel(text, defaultLimits);
  expect(['Firefox,\n Linux', 'Ann’s\u202e phone', '\u2800\u3164', `a${'\u0301'.repeat(50)}`].map(parse)).toEqual([
    ...['Firefox, Linux', 'Ann’s phone', '', `a${'\u0301'.repeat(6)}`],
  ]);
});

test('the limits set the lengths of names, status and labels', () => {
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

test.each([
  ['', ''],
  [' ann@example.org ', 'ann@example.org'],
  ['<ann@example.org>', 'ann@example.org'],
  [' <ann+a@sub.example.org> ', 'ann+a@sub.example.org'],
  ['小明@例子.公司', '小明@例子.公司'],
  ["o'neil@example.org", "o'neil@example.org"],
])('the email address %j is stored as %j', (text, expected) => {
  expect(parseEmail(text)).toBe(expected);
});

test.each([
  '<<ann@example.org>>',
  '<ann@example.org',
  'ann@example.org>',
  'Ann <ann@example.org>',
  'a<n>n@example.org',
  '"ann"@example.org',
  'ann(a)@example.org',
  'ann@example.org(a)',
  'ann@example.org.',
  'ann@example.org,bob@example.org',
  'ann\\@example.org',
  '@example.org',
  'ann@',
  'ann',
])('the email address %j is refused', (text) => {
  expect(parseEmail(text)).toBeNull();
});
