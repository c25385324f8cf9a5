import { useLayoutEffect, useState } from 'react';
import type { TimelineItem } from './timeline-items.js';

interface SteadyItems {
  readonly items: readonly TimelineItem[];
  /** Items were only added at the start, so the virtual list keeps its position relative to the end. */
  readonly shift: boolean;
}

/**
 * Passes one kind of change at a time to the virtual list, which can keep its position when items are prepended or when they are appended,
 * but not both in one step. A snapshot with both is rendered in two steps before paint.
 */
export function useSteadyItems(next: readonly TimelineItem[]): SteadyItems {
  const [shown, setShown] = useState(next);
  const step = stepTowards(shown, next);
  useLayoutEffect(() => {
    setShown(step.items);
  }, [step.items]);
  return step;
}

/** Returns the next step from the shown items towards the new ones. */
export function stepTowards(shown: readonly TimelineItem[], next: readonly TimelineItem[]): SteadyItems {
  const first = shown[0];
  if (first === undefined || shown === next) return { items: next, shift: false };
  const added = next.findIndex((item) => item.key === first.key);
  if (added <= 0) return { items: next, shift: false };
  if (next.length - added === shown.length) return { items: next, shift: true };
  return { items: [...next.slice(0, added), ...shown], shift: true };
}
