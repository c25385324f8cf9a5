import type { Message } from './message.js';
import type { PageSides } from './page-plan.js';
import type { Page, PageAnchor } from './store-answers.js';
import type { VisibleRange } from './visibility.js';

/**
 * Reads the sequences of one thread, which the adapter (implementation of `Store`) provides: the root and its replies
 * within a span, in rising order. `newest` returns at most `limit` from the upper end of the span, `oldest` from the
 * lower end.
 */
export interface ThreadReader {
  readonly newest: (span: VisibleRange, limit: number) => readonly number[];
  readonly oldest: (span: VisibleRange, limit: number) => readonly number[];
}

/** Where a page of a thread starts. */
export interface ThreadPlace {
  /** The result of `visibleSpans` for the same `head`. */
  readonly visible: readonly VisibleRange[];
  readonly head: number;
  readonly anchor: PageAnchor;
  readonly sides: PageSides;
}

/** The sequences of a page of a thread, and the range that it covers. */
export interface ThreadPlan extends Pick<Page, 'covers'> {
  /** In rising order. */
  readonly sequences: readonly number[];
}

/**
 * Plans a page of one thread (CH-21). `covers` is a range of sequences of the whole log, but states only that the
 * messages of this thread are complete in it. Otherwise like `planPage`.
 */
export function planThreadPage(place: ThreadPlace, reader: ThreadReader): ThreadPlan {
  const { head, anchor, sides } = place;
  switch (anchor.at) {
    case 'end':
      return takeDown(place, head, sides.below, reader);
    case 'before':
      return takeDown(place, Math.min(anchor.sequence - 1, head), sides.below, reader);
    case 'after':
      return takeUp(place, Math.max(anchor.sequence + 1, 1), sides.above, reader);
    case 'around': {
      const middle = Math.min(Math.max(anchor.sequence, 1), head);
      const below = takeDown(place, middle, sides.below, reader);
      const above = takeUp(place, middle + 1, sides.above, reader);
      const sequences = [...below.sequences, ...above.sequences];
      if (below.covers === null || above.covers === null) return { sequences, covers: below.covers ?? above.covers };
      return { sequences, covers: [below.covers[0], above.covers[1]] };
    }
  }
}

/** Takes at most `limit` sequences from `high` downwards. */
function takeDown({ visible }: ThreadPlace, high: number, limit: number, reader: ThreadReader): ThreadPlan {
  if (high < 1) return { sequences: [], covers: null };
  const sequences: number[] = [];
  for (const [spanLow, spanHigh] of visible.toReversed()) {
    const top = Math.min(spanHigh, high);
    if (top < spanLow) continue;
    sequences.unshift(...reader.newest([spanLow, top], limit - sequences.length));
    const [lowest] = sequences;
    if (sequences.length >= limit) return { sequences, covers: [lowest ?? top + 1, high] };
  }
  return { sequences, covers: [1, high] };
}

/** Takes at most `limit` sequences from `low` upwards. */
function takeUp({ visible, head }: ThreadPlace, low: number, limit: number, reader: ThreadReader): ThreadPlan {
  if (low > head) return { sequences: [], covers: null };
  const sequences: number[] = [];
  for (const [spanLow, spanHigh] of visible) {
    const bottom = Math.max(spanLow, low);
    if (bottom > spanHigh) continue;
    sequences.push(...reader.oldest([bottom, spanHigh], limit - sequences.length));
    const highest = sequences.at(-1);
    // If the limit is 0, the page covers no visible sequence on this side.
    if (sequences.length >= limit) return { sequences, covers: [low, highest ?? bottom - 1] };
  }
  return { sequences, covers: [low, head] };
}

/**
 * Returns a message with the number of replies that a member may see (CH-21). If the member's current stay includes the
 * root, these are all replies, and no reading is needed. Otherwise it takes two lookups for each span of visible
 * sequences. `ordinalAt` returns the number of replies at or below a sequence.
 */
export function withSeenReplies(
  message: Message,
  visible: readonly VisibleRange[],
  head: number,
  ordinalAt: (sequence: number) => number,
): Message {
  if (message.replies === undefined) return message;
  const last = visible.at(-1);
  if (last !== undefined && last[0] <= message.sequence && last[1] >= head) return message;
  const { replies: _all, ...rest } = message;
  const after = visible.filter(([, high]) => high > message.sequence);
  const replies = after.reduce((sum, [low, high]) => sum + ordinalAt(high) - ordinalAt(low - 1), 0);
  return replies === 0 ? rest : { ...rest, replies };
}
