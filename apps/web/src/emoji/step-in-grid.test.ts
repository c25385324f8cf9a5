import { expect, it } from 'vitest';
import { stepInGrid } from './step-in-grid.js';

/** Two sections: eight and three emojis, then five. */
const rows = [8, 3, 5];

it.each([
  [-1, 'ArrowDown', 0],
  [0, 'ArrowUp', -1],
  [6, 'ArrowDown', 10],
  [1, 'ArrowDown', 9],
  [9, 'ArrowDown', 12],
  [15, 'ArrowDown', null],
  [15, 'ArrowUp', 10],
  [8, 'ArrowUp', 0],
  [7, 'ArrowRight', 8],
  [15, 'ArrowRight', null],
  [0, 'ArrowLeft', null],
  [9, 'Home', 0],
  [0, 'End', 15],
  [3, 'a', null],
])('from %i, %s leads to %j', (from, key, to) => expect(stepInGrid(from, key, rows)).toBe(to));

it('no key leads anywhere in an empty grid', () => {
  expect(stepInGrid(-1, 'ArrowDown', [])).toBeNull();
});
