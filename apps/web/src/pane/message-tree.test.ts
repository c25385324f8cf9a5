import { expect, test } from 'vitest';
import { CACHED_TREES_MAX, messageTree } from './message-tree.js';

test('a text is parsed once, and the least recently used trees are evicted', () => {
  const first = messageTree('**first**');
  for (let number = 1; number < CACHED_TREES_MAX; number += 1) messageTree(`text ${number}`);
  expect(messageTree('**first**')).toBe(first);
  const second = messageTree('text 1');
  for (let number = 0; number < CACHED_TREES_MAX; number += 1) messageTree(`later ${number}`);
  expect(messageTree('text 1')).not.toBe(second);
  expect(messageTree('text 1')).toEqual(second);
});
