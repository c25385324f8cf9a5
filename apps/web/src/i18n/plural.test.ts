import { expect, test } from 'vitest';
import { plural } from './plural.js';

test('one is no plural, and many are told apart by thousands', () => {
  expect([0, 1, 2, 12_000].map((count) => plural(count, 'message'))).toEqual([
    '0 messages',
    '1 message',
    '2 messages',
    '12,000 messages',
  ]);
});
