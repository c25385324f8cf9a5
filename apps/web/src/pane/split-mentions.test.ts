import { expect, test } from 'vitest';
import { splitMentions } from './split-mentions.js';

const shown = (text: string, names: readonly string[]) =>
  splitMentions(text, names).map((stretch) => (stretch.called ? `[${stretch.text}]` : stretch.text));

test('[item 21] mentioned names are split from the text, the longest match first', () => {
  expect(shown('问@林晚，@林晚晚 和 @Lin', ['林晚', '林晚晚', 'Lin'])).toEqual([
    '问',
    '[@林晚]',
    '，',
    '[@林晚晚]',
    ' 和 ',
    '[@Lin]',
  ]);
});

test('[item 21] a text without mentions stays one part, and no character is lost', () => {
  expect(shown('mail a@b.c @nobody @', ['林晚', ''])).toEqual(['mail a@b.c @nobody @']);
  expect(shown('@@Ann', ['Ann'])).toEqual(['@', '[@Ann]']);
});
