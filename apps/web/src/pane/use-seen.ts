import { type RefObject, useCallback, useEffect, useState } from 'react';
import type { VirtualizerHandle } from 'virtua';
import type { TimelineItem } from './timeline-items.js';

/** What was visible since the conversation was opened, by sequence. */
export interface Seen {
  /** The furthest message; 0 for none. */
  readonly upTo: number;
  /** The last message in view now; 0 for none. */
  readonly last: number;
  /** The visible messages that mention the user. */
  readonly mentions: ReadonlySet<number>;
}

interface SeenInput {
  readonly items: readonly TimelineItem[];
  readonly list: RefObject<VirtualizerHandle | null>;
  /** False until the list is at its opening place. What is in view before that is ignored. */
  readonly arrived: boolean;
}

/** How many pixels of a message at the lower edge do not count as seen. */
const EDGE_PX = 24;

/** Records the messages that come into view. The caller must call `look` on every scroll. */
export function useSeen({ items, list, arrived }: SeenInput): { readonly seen: Seen; readonly look: () => void } {
  const [seen, setSeen] = useState<Seen>({ upTo: 0, last: 0, mentions: new Set() });
  const look = useCallback(() => {
    const handle = list.current;
    if (!arrived || handle === null) return;
    const first = handle.findItemIndex(handle.scrollOffset);
    const last = handle.findItemIndex(handle.scrollOffset + handle.viewportSize - EDGE_PX);
    setSeen((before) => addSeen(before, items.slice(first, last + 1)));
  }, [items, list, arrived]);
  useEffect(look, [look]);
  return { seen, look };
}

function addSeen(before: Seen, inView: readonly TimelineItem[]): Seen {
  const rows = inView.flatMap((item) => (item.type === 'message' && item.row.sequence !== null ? [item.row] : []));
  const last = Math.max(0, ...rows.map(({ sequence }) => sequence ?? 0));
  const upTo = Math.max(before.upTo, last);
  const calling = rows.flatMap(({ mentionsMe, sequence }) => (mentionsMe && sequence !== null ? [sequence] : []));
  const fresh = calling.filter((sequence) => !before.mentions.has(sequence));
  if (upTo === before.upTo && last === before.last && fresh.length === 0) return before;
  return { upTo, last, mentions: new Set([...before.mentions, ...fresh]) };
}
