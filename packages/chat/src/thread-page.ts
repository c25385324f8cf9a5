import type { Message } from './message.js';
import type { Page, PageAnchor } from './store-answers.js';
import type { Span } from './visibility.js';

/** How an adapter reads one thread: the root and its replies within a span, at most `limit` from that end, by sequence rising. */
export interface ThreadReader {
  readonly newest: (span: Span, limit: number) => readonly Message[];
  readonly oldest: (span: Span, limit: number) => readonly Message[];
}

/** The place a page of a thread begins at. */
export interface ThreadPlace {
  /** What `visibleSpans` gave for the same `head`. */
  readonly visible: readonly Span[];
  readonly head: number;
  readonly anchor: PageAnchor;
  readonly limit: number;
}

type Found = Pick<Page, 'rows' | 'covers'>;

/** A page of one thread (CH-21). `covers` is in sequences of the log and speaks of this thread alone, as `planPage`'s does of all. */
export function readThreadPage(place: ThreadPlace, reader: ThreadReader): Found {
  const { head, anchor, limit } = place;
  switch (anchor.at) {
    case 'end':
      return readDown(place, head, limit, reader);
    case 'before':
      return readDown(place, Math.min(anchor.sequence - 1, head), limit, reader);
    case 'after':
      return readUp(place, Math.max(anchor.sequence + 1, 1), limit, reader);
    case 'around': {
      const middle = Math.min(Math.max(anchor.sequence, 1), head);
      const below = readDown(place, middle, Math.ceil(limit / 2), reader);
      const above = readUp(place, middle + 1, Math.floor(limit / 2), reader);
      const rows = [...below.rows, ...above.rows];
      if (below.covers === null || above.covers === null) return { rows, covers: below.covers ?? above.covers };
      return { rows, covers: [below.covers[0], above.covers[1]] };
    }
  }
}

function readDown({ visible }: ThreadPlace, high: number, limit: number, reader: ThreadReader): Found {
  if (high < 1) return { rows: [], covers: null };
  const rows: Message[] = [];
  for (const [spanLow, spanHigh] of visible.toReversed()) {
    const top = Math.min(spanHigh, high);
    if (top < spanLow) continue;
    rows.unshift(...reader.newest([spanLow, top], limit - rows.length));
    const [lowest] = rows;
    if (rows.length >= limit && lowest !== undefined) return { rows, covers: [lowest.sequence, high] };
  }
  return { rows, covers: [1, high] };
}

function readUp({ visible, head }: ThreadPlace, low: number, limit: number, reader: ThreadReader): Found {
  if (low > head) return { rows: [], covers: null };
  const rows: Message[] = [];
  for (const [spanLow, spanHigh] of visible) {
    const bottom = Math.max(spanLow, low);
    if (bottom > spanHigh) continue;
    rows.push(...reader.oldest([bottom, spanHigh], limit - rows.length));
    const highest = rows.at(-1);
    if (rows.length >= limit && highest !== undefined) return { rows, covers: [low, highest.sequence] };
  }
  return { rows, covers: [low, head] };
}

/**
 * A message with its replies as a member may see them (CH-21). Where the stay in which the root was sent goes on, that is all of them and costs
 * nothing; elsewhere two seeks a span. `ordinalAt` says how many replies to it are at or below a sequence.
 */
export function withSeenReplies(
  message: Message,
  visible: readonly Span[],
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
