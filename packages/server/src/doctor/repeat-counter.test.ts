import { expect, it } from 'vitest';
import { RepeatCounter } from './repeat-counter.js';

it('RepeatCounter evicts the ids that have not arrived for longest, and those of one address cannot evict all others', () => {
  const repeats = new RepeatCounter(4);
  repeats.count('of another', '192.0.2.1');
  for (const id of ['1', '2', '1', '3', '4']) repeats.count(id, '192.0.2.2');
  expect(['of another', '1', '2', '3', '4'].map((id) => repeats.timesOf(id))).toEqual([1, 2, 0, 1, 1]);
  repeats.count('of a third', '192.0.2.3');
  expect(repeats.timesOf('of another')).toBe(0);
});
