import { expect, it } from 'vitest';
import { excerptOf } from './excerpt.js';

const lion = [{ text: '狮子', whole: false }];
const shown = (text: string): string =>
  excerptOf(text, lion)
    .map((stretch) => (stretch.hit ? `[${stretch.text}]` : stretch.text))
    .join('');

it('an excerpt starts shortly before the first hit', () => {
  expect(shown('动物园的狮子睡了')).toBe('动物园的[狮子]睡了');
  expect(shown(`${'远'.repeat(40)}狮子在这里`)).toBe(`…${'远'.repeat(16)}[狮子]在这里`);
  expect(shown(`狮子${'远'.repeat(200)}`)).toBe(`[狮子]${'远'.repeat(118)}…`);
});
