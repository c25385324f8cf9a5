import type { TimelineRow } from '@everywire/chat-client';
import { useEffect, useMemo, useState } from 'react';

interface NewBelowInput {
  readonly rows: readonly TimelineRow[];
  readonly unreadKey: string | null;
  /** The unread count of the conversation, because not all unread messages need be loaded. It follows what was seen after a moment. */
  readonly unread: number;
  readonly atEnd: boolean;
  /** The furthest sequence that was visible; 0 for none. */
  readonly seenTo: number;
}

/**
 * Returns how many messages of others are below what was seen: after the last time the end was in view, otherwise after the unread line,
 * and below the furthest visible message.
 */
export function useNewBelow({ rows, unreadKey, unread, atEnd, seenTo }: NewBelowInput): number {
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
    return isCut ? Math.max(unseen.length, unread) : unseen.length;
  }, [rows, unreadKey, unread, seenKey, atEnd, seenTo]);
}

function firstUnseen(rows: readonly TimelineRow[], seenKey: string | null, unreadKey: string | null): number {
  if (seenKey === null) return unreadKey === null ? -1 : rows.findIndex((row) => row.key === unreadKey);
  const at = rows.findLastIndex((row) => row.key === seenKey);
  return at === -1 ? -1 : at + 1;
}
