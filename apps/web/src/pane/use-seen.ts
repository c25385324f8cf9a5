import { type RefObject, useCallback, useEffect, useState } from 'react';
import type { VirtualizerHandle } from 'virtua';
import type { TimelineItem } from './timeline-items.js';

/** What was on the screen since the conversation was opened, by sequence. */
export interface Seen {
  /** The furthest message; 0 for none. */
  readonly upTo: number;
  /** Those that call the reader. */
  readonly mentions: ReadonlySet<number>;
}

interface SeenInput {
  readonly items: readonly TimelineItem[];
  readonly list: RefObject<VirtualizerHandle | null>;
  /** What is in view before the list stands where it opens counts for nothing. */
  readonly arrived: boolean;
}

/** So much of a message at the lower edge is not seen yet. */
const edgePx = 24;

/** Notes what comes into view; `look` is to be called as one scrolls. */
export function useSeen({ items, list, arrived }: SeenInput): { readonly seen: Seen; readonly look: () => void } {
  const [seen, setSeen] = useState<Seen>({ upTo: 0, mentions: new Set() });
  const look = useCallback(() => {
    const handle = list.current;
    if (!arrived || handle === null) return;
    const first = handle.findItemIndex(handle.scrollOffset);
    const last = handle.findItemIndex(handle.scrollOffset + handle.viewportSize - edgePx);
    setSeen((before) => withSeen(before, items.slice(first, last + 1)));
  }, [items, list, arrived]);
  useEffect(look, [look]);
  return { seen, look };
}

function withSeen(before: Seen, inView: readonly TimelineItem[]): Seen {
  const rows = inView.flatMap((item) => (item.type === 'message' && item.row.sequence !== null ? [item.row] : []));
  const upTo = Math.max(before.upTo, ...rows.map(({ sequence }) => sequence ?? 0));
  const calling = rows.flatMap(({ mentionsMe, sequence }) => (mentionsMe && sequence !== null ? [sequence] : []));
  const fresh = calling.filter((sequence) => !before.mentions.has(sequence));
  if (upTo === before.upTo && fresh.length === 0) return before;
  return { upTo, mentions: new Set([...before.mentions, ...fresh]) };
}
