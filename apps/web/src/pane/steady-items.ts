import { useLayoutEffect, useState } from 'react';
import type { TimelineItem } from './timeline-items.js';

interface SteadyItems {
  readonly items: readonly TimelineItem[];
  /** Items were added at the start and nowhere else: the virtual list keeps its place from the end. */
  readonly shift: boolean;
}

/**
 * Feeds the virtual list one kind of change at a time. It can keep its place when items come before, or when they come after, but
 * not both in one step; a page of history and a new message in one snapshot are therefore shown in two steps before the paint.
 */
export function useSteadyItems(next: readonly TimelineItem[]): SteadyItems {
  const [shown, setShown] = useState(next);
  const step = stepTowards(shown, next);
  useLayoutEffect(() => {
    setShown(step.items);
  }, [step.items]);
  return step;
}

export function stepTowards(shown: readonly TimelineItem[], next: readonly TimelineItem[]): SteadyItems {
  const first = shown[0];
  if (first === undefined || shown === next) return { items: next, shift: false };
  const added = next.findIndex((item) => item.key === first.key);
  if (added <= 0) return { items: next, shift: false };
  if (next.length - added === shown.length) return { items: next, shift: true };
  return { items: [...next.slice(0, added), ...shown], shift: true };
}
