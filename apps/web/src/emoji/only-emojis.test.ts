import { expect, it } from 'vitest';
import { linesOf } from '../../emoji-data.js';
import { readLines } from './emoji-set.js';
import { isFewEmojis } from './only-emojis.js';

it('every emoji of the picker alone is shown large', async () => {
  const small = readLines((await linesOf()).join('\n')).filter(({ emoji }) => !isFewEmojis(emoji));
  expect(small.map(({ emoji }) => emoji)).toEqual([]);
});

it.each(['👍', '👍👍', '👍🏽 🎉 ❤️', '👨‍👩‍👧‍👦', '🇨🇳🇩🇪', '1️⃣', ' 😀\n'])('%j is shown large', (text) => {
  expect(isFewEmojis(text)).toBe(true);
});

it.each(['', '1', '12', '#', '©', '™ 3', '👍👍👍👍', '👍 ok', '好👍', '*', ':)', '🇨'])(
  '%j is shown as text',
  (text) => {
    expect(isFewEmojis(text)).toBe(false);
  },
);
