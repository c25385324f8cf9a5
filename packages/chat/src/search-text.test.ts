import { expect, it } from 'vitest';
import { findTerm, foldText, markTerms, termTokens, textTokens } from './search-text.js';

const texts = [
  '我爱北京hello世界，ｈｅｌｌｏ',
  'ﾊﾞｽでカタカナ ひらがな',
  '안녕하세요 세계 ㅋㅋㅋ',
  'C++ node_v20 café ﬁne 192.168.0.1',
  '𠮷野家 👍🏽 ภาษาไทย',
  "don't stop\n\nnow",
];

it('every text in which a term is found has all tokens of the term', () => {
  let found = 0;
  for (const text of texts) {
    const folded = foldText(text);
    const tokens = new Set<string>();
    textTokens(folded, tokens);
    for (let from = 0; from < folded.length; from += 1) {
      for (let to = from + 1; to <= folded.length; to += 1) {
        for (const whole of [false, true]) {
          const term = { text: folded.slice(from, to), whole };
          if (findTerm(folded, term) === -1) continue;
          found += 1;
          expect(termTokens(term).filter((token) => !tokens.has(token))).toEqual([]);
        }
      }
    }
  }
  expect(found).toBeGreaterThan(500);
});

it.each([
  [
    'Hello World',
    'wor',
    [
      ['Hello ', false],
      ['Wor', true],
      ['ld', false],
    ],
  ],
  [
    'ＨＥＬＬＯ',
    'hel',
    [
      ['ＨＥＬ', true],
      ['ＬＯ', false],
    ],
  ],
  [
    '说汉字，写汉字',
    '汉字',
    [
      ['说', false],
      ['汉字', true],
      ['，写', false],
      ['汉字', true],
    ],
  ],
  [
    'ﬁne',
    'fi',
    [
      ['ﬁ', true],
      ['ne', false],
    ],
  ],
  [
    'cafe\u0301 x',
    'café',
    [
      ['cafe\u0301', true],
      [' x', false],
    ],
  ],
  ['two  words', 'two words', [['two  words', true]]],
])('[CH-32] marks in %j what %j finds', (text, query, stretches) => {
  const marked = markTerms(text, [{ text: foldText(query), whole: false }]);
  expect(marked.map((stretch) => [stretch.text, stretch.hit])).toEqual(stretches);
});
