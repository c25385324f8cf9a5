import { expect, it } from 'vitest';
import { describeGivenUp } from './given-up.js';

it('names what a copy lacks in runs of numbers, and nothing where it lacks nothing', () => {
  expect(describeGivenUp({ accounts: [3, 7, 8, 9, 12], conversations: [4, 5] })).toEqual([
    'accounts, by number: 3, 7-9, 12',
    'names and settings of conversations, by number: 4-5',
  ]);
  expect(describeGivenUp({ accounts: [], conversations: [] })).toEqual([]);
});
