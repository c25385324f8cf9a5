import { describe, expect, test } from 'vitest';
import { stepTowards } from './steady-items.js';
import type { TimelineItem } from './timeline-items.js';

const items = (...keys: string[]): TimelineItem[] => keys.map((key) => ({ type: 'new', key }));
const keys = (list: readonly TimelineItem[]) => list.map((item) => item.key);

describe('stepTowards', () => {
  test('prepending alone shifts', () => {
    const step = stepTowards(items('c', 'd'), items('a', 'b', 'c', 'd'));
    expect(step.shift).toBe(true);
    expect(keys(step.items)).toEqual(['a', 'b', 'c', 'd']);
  });

  test('[item 8] prepending and appending together takes two steps', () => {
    const next = items('a', 'b', 'c', 'd', 'e');
    const first = stepTowards(items('c', 'd'), next);
    expect(first.shift).toBe(true);
    expect(keys(first.items)).toEqual(['a', 'b', 'c', 'd']);
    const second = stepTowards(first.items, next);
    expect(second).toEqual({ items: next, shift: false });
  });

  test('appending, changing and starting over do not shift', () => {
    expect(stepTowards(items('a'), items('a', 'b')).shift).toBe(false);
    expect(stepTowards(items('a'), items('x')).shift).toBe(false);
    expect(stepTowards([], items('a')).shift).toBe(false);
  });
});
