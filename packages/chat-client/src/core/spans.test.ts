import { describe, expect, it } from 'vitest';
import { addSpan, isIn, type SequenceRange } from './spans.js';

describe('addSpan', () => {
  it.each<[readonly SequenceRange[], SequenceRange, readonly SequenceRange[]]>([
    [[], [3, 5], [[3, 5]]],
    [[[3, 5]], [6, 7], [[3, 7]]],
    [[[3, 5]], [1, 2], [[1, 5]]],
    [
      [[3, 5]],
      [7, 8],
      [
        [3, 5],
        [7, 8],
      ],
    ],
    [
      [
        [3, 5],
        [9, 9],
      ],
      [6, 8],
      [[3, 9]],
    ],
    [
      [
        [3, 5],
        [9, 9],
        [12, 14],
      ],
      [4, 10],
      [
        [3, 10],
        [12, 14],
      ],
    ],
    [[[3, 9]], [4, 5], [[3, 9]]],
  ])('joins %j and %j to %j', (spans, span, joined) => {
    expect(addSpan(spans, span)).toEqual(joined);
  });

  it('`isIn` finds the sequences within spans', () => {
    expect(
      [2, 3, 5, 6, 9].filter((sequence) =>
        isIn(
          [
            [3, 5],
            [9, 9],
          ],
          sequence,
        ),
      ),
    ).toEqual([3, 5, 9]);
  });
});
