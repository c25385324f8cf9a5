import { expect, test } from 'vitest';
import { isNameMisleading } from './name-script.js';

test.each([
  ...[
    'ada',
    'Ada_1',
    '小明',
    '小明-2',
    'アキラ',
    '彰くん',
    'Ken健',
    '김철수',
    'Вова',
    'анна',
    'Нина7',
    'νίκος',
    'שרה',
    'علي',
    'राम',
  ],
  ...['Kaʻiulani', 'Oʼzbek', 'ラーメン', 'محـمد', 'ж_1', 'a.b-c'],
  ...['ışık', 'straße', 'Łukasz', 'Đặng', 'naïve', 'Նարեկ', 'สมชาย'],
])('[D7] the name %s is not misleading', (name) => {
  expect(isNameMisleading(name)).toBe(false);
});

test.each([
  ['one Cyrillic letter among Latin ones', 'аdmin'],
  ['Cyrillic letters that all look Latin', 'сосо'],
  ['capitals that look Latin', 'ВОВА'],
  ['a Greek letter among Latin ones', 'rοot'],
  ['phonetic letters', 'ɑdmin'],
  ['a dotless i', 'admın'],
  ['an I with a dot', 'ADMİN'],
  ['Armenian letters', 'օոս'],
  ['Cyrillic and Greek', 'дπ'],
  ['a script not in use for names', 'ᎪᎠ'],
  ['Korean and Japanese', '김あ'],
  ['letters and digits', 'rооt1'],
  ['a dot above the dot of an i', 'chi\u0307ef'],
  ['a dot above a dotless i', 'ch\u0131\u0307ef'],
  ['a dot above the dot of a j', 'an\u{6a}\u0307a'],
  ['a character that resembles a low line', 'ann\u02cd1'],
  ['a character that resembles a hyphen', 'a\u0640b'],
  ['an Arabic digit among Latin letters', 'b\u0665b'],
])('[D7] a name with %s (%s) is misleading', (_what, name) => {
  expect(isNameMisleading(name)).toBe(true);
});
