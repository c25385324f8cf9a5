import { expect, test } from 'vitest';
import { errorText, wordsFor } from './words.js';

/** Lists every sentence with the path of its key. Calls functions with sample values. */
function sentences(words: object, path = ''): readonly (readonly [string, string])[] {
  return Object.entries(words).flatMap(([key, value]: [string, unknown]) => {
    if (typeof value === 'string') return [[`${path}${key}`, value] as const];
    if (typeof value === 'function') return [[`${path}${key}`, String(value('Ann'))] as const];
    return sentences(value as object, `${path}${key}.`);
  });
}

const zh = sentences(wordsFor({ LANG: 'zh_CN.UTF-8' }));
const en = sentences(wordsFor({ LANG: 'en_GB.UTF-8' }));

test('[wording] no exclamation marks, no "please", no 您 and no 请', () => {
  for (const [key, sentence] of [...zh, ...en])
    expect(sentence, key).not.toMatch(/[!！]|\bplease\b|\boops\b|您|(?<!邀)请(?!求)/i);
});

test('[wording] Chinese uses full-width signs, a space between Han and Latin, and an ellipsis of two signs', () => {
  for (const [key, sentence] of zh)
    expect(sentence, key).not.toMatch(
      /\p{Script=Han}[,;:?()]|\.\.\.|(?<!…)…(?!…)|\p{Script=Han}[a-zA-Z0-9]{2,}|[a-zA-Z0-9]{2,}\p{Script=Han}/u,
    );
});

test('[wording] no space stands before an ellipsis in English', () => {
  for (const [key, sentence] of en) expect(sentence, key).not.toMatch(/ …|\.\.\./);
});

test('an unknown code is shown without control characters', () => {
  const words = wordsFor({});
  expect(errorText(words, 'full')).not.toBe('full');
  expect(errorText(words, 'odd\u001b]0;title\u0007\n')).toBe('odd�]0;title� ');
});
