import { expect, test } from 'vitest';
import { fit, graphemesOf, plain, widthOf, wrap } from './cells.js';

test.each([
  ['abc', 3],
  ['你好', 4],
  ['é', 1],
  ['👍', 2],
  ['👨‍👩‍👧', 2],
  ['｡ﾟ', 2],
  ['한국', 4],
  ['', 0],
])('%s takes %d cells', (text, cells) => {
  expect(widthOf(text)).toBe(cells);
});

test('a grapheme counts as one letter', () => {
  expect(graphemesOf('e\u0301👨‍👩‍👧你')).toEqual(['e\u0301', '👨‍👩‍👧', '你']);
});

test.each([
  ['你好世界', 5, '你好…'],
  ['你好世界', 6, '你好… '],
  ['abc', 5, 'abc  '],
  ['abc', 0, ''],
])('%s in %d cells is cut or padded: %s', (text, width, expected) => {
  expect(fit(text, width)).toBe(expected);
});

test('lines break at spaces, within Chinese anywhere, and at line breaks', () => {
  expect(wrap('one two three', 8)).toEqual(['one two', 'three']);
  expect(wrap('你好世界和平', 5)).toEqual(['你好', '世界', '和平']);
  expect(wrap('abcdefgh', 3)).toEqual(['abc', 'def', 'gh']);
  expect(wrap('a\n\nb', 9)).toEqual(['a', '', 'b']);
});

test('control and direction characters are removed', () => {
  expect(plain('a\x1b[2J\u009b31m\u202eb\tc')).toBe('a�[2J�31m�b c');
});
