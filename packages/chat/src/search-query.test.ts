import { expect, it } from 'vitest';
import { isSelf, parseSearch } from './search-query.js';

// Tests `parseSearch`, which reads the text of a search with its filters, such as `from:ann`, in English and Chinese.

const none = { terms: [], from: [], in: [], has: [], after: null, before: null };

/** Returns the query, or the code of the refusal. @param zone minutes from UTC */
function parsed(text: string, zone = 0): unknown {
  const answer = parseSearch(text, zone);
  return answer.outcome === 'search' ? answer.query : answer.code;
}

it.each([
  ['Hello 世界', { ...none, terms: ['hello', '世界'].map((text) => ({ text, whole: false })) }],
  ['"two  words"', { ...none, terms: [{ text: 'two words', whole: true }] }],
  ['“两 词', { ...none, terms: [{ text: '两 词', whole: true }] }],
  ['from:ann in:"The Zoo" has:image', { ...none, from: ['ann'], in: ['The Zoo'], has: ['image'] }],
  ['来自：张三 位于:动物园 包含：图片', { ...none, from: ['张三'], in: ['动物园'], has: ['image'] }],
  ['会话：动物园', { ...none, in: ['动物园'] }],
  ['after:2026-01 before:2026-02', { ...none, after: Date.UTC(2026, 0), before: Date.UTC(2026, 1) }],
  ['早于：2026年11月20日', { ...none, before: Date.UTC(2026, 10, 20) }],
  ['FROM:Ann', { ...none, from: ['Ann'] }],
  ['https://example.org', { ...none, terms: [{ text: 'https://example.org', whole: false }] }],
  ['information', { ...none, terms: [{ text: 'information', whole: false }] }],
])('[CH-34.1] [CH-34.2] [CH-34.3] [CH-34.5] [CH-34.6] parseSearch reads %s', (text, query) =>
  expect(parsed(text)).toEqual(query),
);

it.each([
  ['', 'search_empty'],
  ['  ""  ', 'search_empty'],
  ['from:', 'search_filter'],
  ['has:cats', 'search_has'],
  ['before:tomorrow', 'search_date'],
  ['after:2026-02-30', 'search_date'],
  ['after:2026-13', 'search_date'],
  ['a '.repeat(21), 'too_many'],
])('parseSearch refuses %s with %s', (text, code) => expect(parsed(text)).toBe(code));

it('parseSearch counts days like the calendar', () => {
  for (const day of ['1970-01-01', '1999-12-31', '2000-02-29', '2024-03-01', '2026-11-20', '2100-03-01']) {
    expect(parsed(`after:${day}`)).toEqual({ ...none, after: Date.parse(day) });
  }
});

it('[CH-34.3] days begin by the clock of the user', () => {
  expect(parsed('after:2026-11-20', 480)).toEqual({ ...none, after: Date.UTC(2026, 10, 19, 16) });
});

it('[CH-34.1] [CH-34.5] isSelf recognises the words for oneself in both languages', () => {
  expect(['me', 'ME', '我', 'ann'].map(isSelf)).toEqual([true, true, true, false]);
});
