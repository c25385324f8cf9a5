import type { TimelineRow } from '@everywire/chat-client';
import { useEffect, useMemo, useState } from 'react';

interface Below {
  readonly rows: readonly TimelineRow[];
  readonly unreadKey: string | null;
  /** How many the list of conversations has: of those between the unread line and the end not all need be held. */
  readonly unread: number;
  readonly atEnd: boolean;
}

/** How many of others' messages stand below what was seen: since the end was last in view, else since the unread line. */
export function useNewBelow({ rows, unreadKey, unread, atEnd }: Below): number {
  const [seenKey, setSeenKey] = useState<string | null>(null);
  const lastKey = rows.at(-1)?.key ?? null;
  useEffect(() => {
    if (atEnd && lastKey !== null) setSeenKey(lastKey);
  }, [atEnd, lastKey]);
  return useMemo(() => {
    if (atEnd) return 0;
    const from = firstUnseen(rows, seenKey, unreadKey);
    const below = from === -1 ? [] : rows.slice(from);
    if (seenKey === null && below.some((row) => row.type === 'gap')) return unread;
    return below.filter((row) => row.type === 'message' && !row.own).length;
  }, [rows, unreadKey, unread, seenKey, atEnd]);
}

function firstUnseen(rows: readonly TimelineRow[], seenKey: string | null, unreadKey: string | null): number {
  if (seenKey === null) return unreadKey === null ? -1 : rows.findIndex((row) => row.key === unreadKey);
  const at = rows.findLastIndex((row) => row.key === seenKey);
  return at === -1 ? -1 : at + 1;
}
