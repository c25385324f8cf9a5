import { type RefObject, useCallback, useEffect, useRef, useState } from 'react';
import type { VirtualizerHandle } from 'virtua';
import { isMeasured } from './is-measured.js';
import type { TimelineItem } from './timeline-items.js';

/** What was visible since the conversation was opened, by sequence. */
export interface Seen {
  /** The furthest message; 0 for none. */
  readonly upTo: number;
  /** The last message in view now, or the last that was; 0 for none. */
  readonly last: number;
  /** Whether everything up to the end of the list is in view now. */
  readonly end: boolean;
  /** The visible messages that mention the user. */
  readonly mentions: ReadonlySet<number>;
}

interface SeenInput {
  readonly items: readonly TimelineItem[];
  readonly list: RefObject<VirtualizerHandle | null>;
  readonly scroller: RefObject<HTMLElement | null>;
  /** False until the list is at its opening place. What is in view before that is ignored. */
  readonly arrived: boolean;
  readonly atEnd: boolean;
}

/** How many pixels of a message at the lower edge do not count as seen. */
const EDGE_PX = 24;

/** Frames in which rows that are not measured are looked at again. A list that is not displayed measures none. */
const TRIES_MAX = 60;

/**
 * Records the messages that come into view. The caller must call `look` on every scroll, and when rows were measured. A row counts once it and
 * all above it in view are measured: by their estimated heights, a dozen rows may fit where in truth there are four.
 */
export function useSeen(input: SeenInput): { readonly seen: Seen; readonly look: () => void } {
  const { items, list, scroller, arrived, atEnd } = input;
  const [seen, setSeen] = useState<Seen>({ upTo: 0, last: 0, end: false, mentions: new Set() });
  const frame = useRef(0);
  const look = useCallback(() => {
    const lookOnce = (tries: number) => {
      const handle = list.current;
      if (!arrived || handle === null) return;
      const first = handle.findItemIndex(handle.scrollOffset);
      const last = handle.findItemIndex(handle.scrollOffset + handle.viewportSize - EDGE_PX);
      const inView = items.slice(first, last + 1);
      const unmeasured = inView.findIndex((item) => !isMeasured(scroller.current, item));
      const measured = unmeasured === -1 ? inView : inView.slice(0, unmeasured);
      setSeen((before) => addSeen(before, measured, atEnd && unmeasured === -1));
      cancelAnimationFrame(frame.current);
      if (unmeasured !== -1 && tries > 1) frame.current = requestAnimationFrame(() => lookOnce(tries - 1));
    };
    lookOnce(TRIES_MAX);
  }, [items, list, scroller, arrived, atEnd]);
  useEffect(() => {
    look();
    return () => cancelAnimationFrame(frame.current);
  }, [look]);
  return { seen, look };
}

function addSeen(before: Seen, inView: readonly TimelineItem[], end: boolean): Seen {
  const rows = inView.flatMap((item) => (item.type === 'message' && item.row.sequence !== null ? [item.row] : []));
  const last = rows.at(-1)?.sequence ?? before.last;
  const upTo = Math.max(before.upTo, last);
  const calling = rows.flatMap(({ mentionsMe, sequence }) => (mentionsMe && sequence !== null ? [sequence] : []));
  const fresh = calling.filter((sequence) => !before.mentions.has(sequence));
  if (upTo === before.upTo && last === before.last && end === before.end && fresh.length === 0) return before;
  return { upTo, last, end, mentions: new Set([...before.mentions, ...fresh]) };
}
