import type { TimelineRow } from '@everywire/chat-client';
import { useEffect, useMemo, useState } from 'react';

/** How many of others' messages stand below what was seen: since the end was last in view, else since the unread line. */
export function useNewBelow(rows: readonly TimelineRow[], unreadKey: string | null, atEnd: boolean): number {
  const [seenKey, setSeenKey] = useState<string | null>(null);
  const lastKey = rows.at(-1)?.key ?? null;
  useEffect(() => {
    if (atEnd && lastKey !== null) setSeenKey(lastKey);
  }, [atEnd, lastKey]);
  return useMemo(() => {
    if (atEnd) return 0;
    const from = firstUnseen(rows, seenKey, unreadKey);
    return from === -1 ? 0 : rows.slice(from).filter((row) => row.type === 'message' && !row.own).length;
  }, [rows, unreadKey, seenKey, atEnd]);
}

function firstUnseen(rows: readonly TimelineRow[], seenKey: string | null, unreadKey: string | null): number {
  if (seenKey === null) return unreadKey === null ? -1 : rows.findIndex((row) => row.key === unreadKey);
  const at = rows.findLastIndex((row) => row.key === seenKey);
  return at === -1 ? -1 : at + 1;
}
