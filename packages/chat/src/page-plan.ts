import type { PageAnchor } from './store-answers.js';
import type { Span } from './visibility.js';

/** Which messages a page reads and what it answers for (CH-9). */
export interface PagePlan {
  /** Rising and disjoint; together at most `limit` sequences. */
  readonly spans: readonly Span[];
  readonly covers: Span | null;
}

/**
 * Chooses at most `limit` visible sequences beside the anchor. Every adapter pages by this, so that `covers` means the same
 * everywhere: it reaches over whatever is invisible next to the last sequence taken, because that costs no reading.
 * `visible` is what `visibleSpans` gave for the same `head`.
 */
export function planPage(visible: readonly Span[], head: number, anchor: PageAnchor, limit: number): PagePlan {
  switch (anchor.at) {
    case 'end':
      return takeDown(visible, head, limit);
    case 'before':
      return takeDown(visible, Math.min(anchor.sequence - 1, head), limit);
    case 'after':
      return takeUp(visible, Math.max(anchor.sequence + 1, 1), head, limit);
    case 'around': {
      const middle = Math.min(Math.max(anchor.sequence, 1), head);
      const below = takeDown(visible, middle, Math.ceil(limit / 2));
      const above = takeUp(visible, middle + 1, head, Math.floor(limit / 2));
      return join(below, above);
    }
  }
}

function takeDown(visible: readonly Span[], high: number, limit: number): PagePlan {
  if (high < 1) return { spans: [], covers: null };
  const spans: Span[] = [];
  let left = limit;
  for (const [spanLow, spanHigh] of visible.toReversed()) {
    const top = Math.min(spanHigh, high);
    if (top < spanLow) continue;
    if (left === 0) return { spans, covers: [top + 1, high] };
    const low = Math.max(spanLow, top - left + 1);
    spans.unshift([low, top]);
    left -= top - low + 1;
    if (low > spanLow) return { spans, covers: [low, high] };
  }
  return { spans, covers: [1, high] };
}

function takeUp(visible: readonly Span[], low: number, head: number, limit: number): PagePlan {
  if (low > head) return { spans: [], covers: null };
  const spans: Span[] = [];
  let left = limit;
  for (const [spanLow, spanHigh] of visible) {
    const bottom = Math.max(spanLow, low);
    if (bottom > spanHigh) continue;
    if (left === 0) return { spans, covers: [low, bottom - 1] };
    const high = Math.min(spanHigh, bottom + left - 1);
    spans.push([bottom, high]);
    left -= high - bottom + 1;
    if (high < spanHigh) return { spans, covers: [low, high] };
  }
  return { spans, covers: [low, head] };
}

function join(below: PagePlan, above: PagePlan): PagePlan {
  const spans = [...below.spans, ...above.spans];
  if (below.covers === null || above.covers === null) return { spans, covers: below.covers ?? above.covers };
  return { spans, covers: [below.covers[0], above.covers[1]] };
}
