import { expect, it } from 'vitest';
import { findTerm, foldText, markTerms, termTokens, textTokens } from './search-text.js';

// Tests the tokens of texts and searches. A text that matches a search contains all tokens of the search, so that other
// texts are skipped without being read.

const texts = [
  '我爱北京hello世界，ｈｅｌｌｏ',
  'ﾊﾞｽでカタカナ ひらがな',
  '안녕하세요 세계 ㅋㅋㅋ',
  'C++ node_v20 café ﬁne 192.168.0.1',
  '𠮷野家 👍🏽 ภาษาไทย',
  "don't stop\n\nnow",
];

function tokensOf(text: string): ReadonlySet<string> {
  const tokens = new Set<string>();
  textTokens(foldText(text), tokens);
  return tokens;
}

it('the tokens of a text are its words and their prefixes, and characters and pairs in scripts without spaces', () => {
  const beginnings = ['go', 'wa', 'wal', 'walk', 'walkin'].map((beginning) => `${beginning}\u0001`);
  const unspaced = ['北', '北京', '京', '京市', '市', '👍'];
  expect(tokensOf('Go, 北京市 walking👍')).toEqual(new Set(['go', 'walking', ...beginnings, ...unspaced]));
});

it.each([
  ['walking', 'walk home'],
  ['wal', 'we all wait'],
  ['go home', 'go gophers'],
  ['市', '北京'],
  ['京北', '北京 京'],
  ['hello世界', 'hello 世 界'],
])('a search for %j skips a text like %j by its tokens', (query, text) => {
  const tokens = tokensOf(text);
  const wanted = termTokens({ text: foldText(query), whole: false });
  expect(wanted.filter((token) => !tokens.has(token))).not.toEqual([]);
});

it('every text that contains a term has all tokens of the term', () => {
  let found = 0;
  for (const text of texts) {
    const folded = foldText(text);
    const tokens = tokensOf(text);
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
  ['hello world', true],
  ['hello, world', true],
  ['say hello', true],
  ['hello世界', true],
  ['othello hello', true],
  ['hellos', false],
  ['othello', false],
])('[CH-32.3] a quoted word, which must end at the end of a word, matches %j: %j', (text, isFound) => {
  expect(findTerm(foldText(text), { text: 'hello', whole: true }) !== -1).toBe(isFound);
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
])('[CH-32.1] markTerms marks in %j what %j matches', (text, query, stretches) => {
  const marked = markTerms(text, [{ text: foldText(query), whole: false }]);
  expect(marked.map((stretch) => [stretch.text, stretch.hit])).toEqual(stretches);
});
