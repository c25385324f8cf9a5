import { describe, expect, test } from 'vitest';
import { gapBetween, spacedName } from './spaced.js';

test.each([
  ['登录{name}', 'Everywire', '登录 Everywire'],
  ['登录{name}', '东滩观鸟', '登录东滩观鸟'],
  ['{name}正在输入', 'Tomás Reyes', 'Tomás Reyes 正在输入'],
  ['{name}正在输入', '林晚', '林晚正在输入'],
  ['由{name}自己运行', 'A组', '由 A组自己运行'],
  ['由{name}自己运行', 'نور', '由 \u2068نور\u2069 自己运行'],
  ['写给{name}', '$&', '写给$&'],
  ['Write to {name}', '林晚', 'Write to 林晚'],
  ['登录', 'X', '登录'],
  ['登录{name}', '', '登录'],
])('%s filled with %s is “%s”', (sentence, name, filled) => {
  expect(spacedName(sentence, name)).toBe(filled);
});

describe('gapBetween', () => {
  const kinds = {
    spaced: ['Ann', '42', 'نور', 'अमृता', 'Zoe\u0308', '한결'],
    plain: ['林晚', '春香', 'ハル', 'ルパー', 'ＡＢ', '１２', '🐧', '❤️', '👍🏽', '“Ann”', '…'],
  };

  test.each(kinds.spaced)('gapBetween separates %s from Han on both sides', (name) => {
    expect([gapBetween('移出', name), gapBetween(name, '移出')]).toEqual([' ', ' ']);
  });

  test.each(kinds.plain)('gapBetween puts no space between Han and %s', (name) => {
    expect([gapBetween('移出', name), gapBetween(name, '移出')]).toEqual(['', '']);
  });

  test('gapBetween puts no space between letters, next to punctuation, or at the ends', () => {
    expect([gapBetween('to', 'Ann'), gapBetween('，', 'Ann'), gapBetween('', 'Ann'), gapBetween('Ann', '')]).toEqual([
      ...['', '', '', ''],
    ]);
  });
});
