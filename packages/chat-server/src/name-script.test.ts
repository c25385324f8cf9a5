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
  ...['ışık', 'straße', 'Łukasz', 'Đặng', 'naïve', 'Նարեկ', 'สมชาย'],
])('[D7] %s is written as names are', (name) => {
  expect(isNameMisleading(name)).toBe(false);
});

test.each([
  ['one Cyrillic letter among Latin ones', 'аdmin'],
  ['Cyrillic letters that all look Latin', 'сосо'],
  ['capitals that look Latin', 'ВОВА'],
  ['a Greek letter among Latin ones', 'rοot'],
  ['letters of phonetics', 'ɑdmin'],
  ['a dotless i', 'admın'],
  ['an I with a dot', 'ADMİN'],
  ['Armenian letters', 'օոս'],
  ['Cyrillic and Greek', 'дπ'],
  ['a script that names are not written in', 'ᎪᎠ'],
  ['Korean and Japanese', '김あ'],
  ['letters and digits', 'rооt1'],
])('[D7] %s: %s may be taken for another', (_what, name) => {
  expect(isNameMisleading(name)).toBe(true);
});
