import type { TimelineRow } from '@everywire/chat-client';
import { useEffect, useMemo, useState } from 'react';

interface Below {
  readonly rows: readonly TimelineRow[];
  readonly unreadKey: string | null;
  /** How many the list of conversations has: of those between the unread line and the end not all need be held. */
  readonly unread: number;
  readonly atEnd: boolean;
  /** The furthest sequence that was on the screen; 0 for none. */
  readonly seenTo: number;
}

/** How many of others' messages stand below what was seen: since the end was last in view, else since the unread line, and below what was on the screen. */
export function useNewBelow({ rows, unreadKey, unread, atEnd, seenTo }: Below): number {
  const [seenKey, setSeenKey] = useState<string | null>(null);
  const lastKey = rows.at(-1)?.key ?? null;
  useEffect(() => {
    if (atEnd && lastKey !== null) setSeenKey(lastKey);
  }, [atEnd, lastKey]);
  return useMemo(() => {
    if (atEnd) return 0;
    const from = firstUnseen(rows, seenKey, unreadKey);
    const below = from === -1 ? [] : rows.slice(from);
    const theirs = below.filter((row) => row.type === 'message' && !row.own);
    const unseen = theirs.filter((row) => row.type === 'message' && (row.sequence ?? 0) > seenTo);
    const isCut = seenKey === null && below.some((row) => row.type === 'gap');
    return isCut ? Math.max(unseen.length, unread - (theirs.length - unseen.length)) : unseen.length;
  }, [rows, unreadKey, unread, seenKey, atEnd, seenTo]);
}

function firstUnseen(rows: readonly TimelineRow[], seenKey: string | null, unreadKey: string | null): number {
  if (seenKey === null) return unreadKey === null ? -1 : rows.findIndex((row) => row.key === unreadKey);
  const at = rows.findLastIndex((row) => row.key === seenKey);
  return at === -1 ? -1 : at + 1;
}
