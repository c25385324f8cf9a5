import type { PageAnchor } from './store-answers.js';
import type { VisibleRange } from './visibility.js';

/** The messages that a page reads, and the range that it covers (CH-9). */
export interface PagePlan {
  /** Rising and disjoint. */
  readonly spans: readonly VisibleRange[];
  readonly covers: VisibleRange | null;
}

/** Maximum visible sequences of a page, below and above its anchor. */
export interface PageSides {
  readonly below: number;
  readonly above: number;
}

/** Divides the limit of a page between the sides of its anchor. */
export function pageSides(anchor: PageAnchor, limit: number): PageSides {
  switch (anchor.at) {
    case 'end':
    case 'before':
      return { below: limit, above: 0 };
    case 'after':
      return { below: 0, above: limit };
    case 'around':
      return { below: Math.ceil(limit / 2), above: Math.floor(limit / 2) };
  }
}

/**
 * Selects visible sequences next to the anchor, at most `below` and `above` on its sides. Every adapter (implementation
 * of `Store`) must use this function, so that `covers` has the same meaning everywhere. `covers` includes invisible
 * sequences next to the last selected one, because they cost no reading. `visible`: the result of `visibleSpans` for
 * the same `head`.
 */
export function planPage(
  visible: readonly VisibleRange[],
  head: number,
  anchor: PageAnchor,
  { below, above }: PageSides,
): PagePlan {
  switch (anchor.at) {
    case 'end':
      return takeDown(visible, head, below);
    case 'before':
      return takeDown(visible, Math.min(anchor.sequence - 1, head), below);
    case 'after':
      return takeUp(visible, Math.max(anchor.sequence + 1, 1), head, above);
    case 'around': {
      const middle = Math.min(Math.max(anchor.sequence, 1), head);
      return join(takeDown(visible, middle, below), takeUp(visible, middle + 1, head, above));
    }
  }
}

/** Selects at most `limit` visible sequences from `high` downwards. */
function takeDown(visible: readonly VisibleRange[], high: number, limit: number): PagePlan {
  if (high < 1) return { spans: [], covers: null };
  const spans: VisibleRange[] = [];
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

/** Selects at most `limit` visible sequences from `low` upwards. */
function takeUp(visible: readonly VisibleRange[], low: number, head: number, limit: number): PagePlan {
  if (low > head) return { spans: [], covers: null };
  const spans: VisibleRange[] = [];
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
