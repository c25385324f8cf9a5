import { describe, expect, test } from 'vitest';
import { insertMention, mentionQueryAt } from './mention-query.js';

const at = (text: string) => mentionQueryAt(text, text.length);

describe('mentionQueryAt', () => {
  test('[item 21] mentionQueryAt finds the text after an @ in any script, also directly after Han', () => {
    expect(at('@')).toEqual({ start: 0, query: '' });
    expect(at('ask @li')).toEqual({ start: 4, query: 'li' });
    expect(at('问@林')).toEqual({ start: 1, query: '林' });
    expect(mentionQueryAt('@lin and more', 4)).toEqual({ start: 0, query: 'lin' });
  });

  test('[item 21] mentionQueryAt returns null in a mail address, after a space, and without an @', () => {
    for (const text of ['ann@example', 'a.b@c', '@lin ', 'no sign', `@${'x'.repeat(40)}`, ''])
      expect(at(text), text).toBeNull();
    expect(mentionQueryAt('@lin', 0)).toBeNull();
  });
});

test('[item 21] the picker stays closed while the caret is before an @', () => {
  expect(mentionQueryAt('hi @bob', 3)).toBeNull();
  expect(mentionQueryAt('hi @bob', 2)).toBeNull();
  expect(mentionQueryAt('hi @bob', 4)).toEqual({ start: 3, query: '' });
  expect(mentionQueryAt('hi @bob @ann', 8)).toBeNull();
  expect(mentionQueryAt('hi @bob @ann', 10)).toEqual({ start: 8, query: 'a' });
});

test('[item 21] a query may have 32 characters, not more', () => {
  const longest = 'x'.repeat(32);
  expect(at(`@${longest}`)).toEqual({ start: 0, query: longest });
  expect(at(`@${longest}x`)).toBeNull();
});

test.each(['a', '7', '_', '.', '+', '-'])('[item 21] an @ directly after %j belongs to a mail address', (sign) => {
  expect(at(`${sign}@li`)).toBeNull();
});

test.each([' ', '\n', '(', '，'])('[item 21] an @ directly after %j starts a mention', (sign) => {
  expect(at(`${sign}@li`)).toEqual({ start: 1, query: 'li' });
});

test('insertMention inserts the name followed by one space', () => {
  const query = { start: 4, query: 'li' };
  expect(insertMention('ask @li today', 7, query, '林晚')).toEqual({ text: 'ask @林晚 today', caret: 8 });
  expect(insertMention('ask @li', 7, query, '林晚')).toEqual({ text: 'ask @林晚 ', caret: 8 });
});

test('insertMention keeps a second space', () => {
  expect(insertMention('@li  today', 3, { start: 0, query: 'li' }, 'Lin')).toEqual({ text: '@Lin  today', caret: 5 });
});
