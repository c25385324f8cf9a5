import { expect, test } from 'vitest';
import { plural } from './plural.js';

test('plural omits the s for one and groups thousands', () => {
  expect([0, 1, 2, 12_000].map((count) => plural(count, 'message'))).toEqual([
    '0 messages',
    '1 message',
    '2 messages',
    '12,000 messages',
  ]);
});
