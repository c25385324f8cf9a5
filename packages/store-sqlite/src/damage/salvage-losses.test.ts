import { expect, it } from 'vitest';
import { describeGivenUp } from './salvage-losses.js';

it('what a copy lacks is formatted as runs of numbers, or no lines', () => {
  expect(describeGivenUp({ accounts: [3, 7, 8, 9, 12], conversations: [4, 5] })).toEqual([
    'accounts, by number: 3, 7-9, 12',
    'names and settings of conversations, by number: 4-5',
  ]);
  expect(describeGivenUp({ accounts: [], conversations: [] })).toEqual([]);
});
