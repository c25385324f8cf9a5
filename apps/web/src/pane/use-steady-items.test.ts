// @vitest-environment happy-dom
import { cleanup, renderHook } from '@testing-library/react';
import { afterEach, expect, test } from 'vitest';
import { useSteadyItems } from './steady-items.js';
import type { TimelineItem } from './timeline-items.js';

afterEach(cleanup);

const items = (...keys: string[]): TimelineItem[] => keys.map((key) => ({ type: 'new', key }));

test('[item 8] older and newer items of one snapshot are rendered in two steps, the older ones first', () => {
  const steps: (readonly [string, boolean])[] = [];
  const { rerender } = renderHook(
    (next: readonly TimelineItem[]) => {
      const step = useSteadyItems(next);
      steps.push([step.items.map(({ key }) => key).join(''), step.shift]);
    },
    { initialProps: items('c', 'd') },
  );
  expect(steps.splice(0)).toEqual([['cd', false]]);
  rerender(items('a', 'b', 'c', 'd', 'e'));
  expect(steps.splice(0)).toEqual([
    ['abcd', true],
    ['abcde', false],
    ['abcde', false],
  ]);
  rerender(items('a', 'b', 'c', 'd', 'e', 'f'));
  expect(steps.at(-1)).toEqual(['abcdef', false]);
});
