import type { MessageRowView, TimelineRow } from '@everywire/chat-client';
import { useCallback, useMemo, useRef, useState } from 'react';

/** So many can be picked at once: with ten conversations to forward them to, they fill the outbox. */
export const selectedMax = 100;

export interface Selection {
  /** In the order of the timeline. While there is one, messages are being picked. */
  readonly rows: readonly MessageRowView[];
  readonly keys: ReadonlySet<string>;
  /** Puts a message in or out; with `range`, puts in all from the one picked last. */
  readonly pick: (key: string, range: boolean) => void;
  /** Puts both in, as the focus is moved from one to the other. */
  readonly extend: (from: string, to: string) => void;
  readonly end: () => void;
}

/** The messages that are picked, to do something with all of them. What is recalled or deleted meanwhile is no longer among them. */
export function useSelection(rows: readonly TimelineRow[]): Selection {
  const [picked, setPicked] = useState<ReadonlySet<string>>(nothing);
  const last = useRef<string | null>(null);
  const now = useRef(rows);
  now.current = rows;
  const pick = useCallback((key: string, range: boolean) => {
    const from = last.current;
    last.current = key;
    setPicked((before) => {
      if (range && from !== null) return withKeys(before, between(now.current, from, key));
      if (!before.has(key)) return withKeys(before, [key]);
      const next = new Set(before);
      next.delete(key);
      return next;
    });
  }, []);
  const extend = useCallback((from: string, to: string) => {
    last.current = to;
    setPicked((before) => withKeys(before, between(now.current, from, to)));
  }, []);
  const end = useCallback(() => {
    last.current = null;
    setPicked(nothing);
  }, []);
  const selected = useMemo(
    () => (picked.size === 0 ? [] : rows.filter(isSelectable).filter((row) => picked.has(row.key))),
    [rows, picked],
  );
  const keys = useMemo(() => new Set(selected.map((row) => row.key)), [selected]);
  return { rows: selected, keys, pick, extend, end };
}

const nothing: ReadonlySet<string> = new Set();

/** What was not sent yet has no place to be forwarded from. */
function isSelectable(row: TimelineRow): row is MessageRowView {
  return row.type === 'message' && row.sequence !== null;
}

function withKeys(before: ReadonlySet<string>, keys: readonly string[]): ReadonlySet<string> {
  const next = new Set(before);
  for (const key of keys) if (next.size < selectedMax) next.add(key);
  return next;
}

/** The keys from one row to another, both among them, from the first named on. */
function between(rows: readonly TimelineRow[], from: string, to: string): readonly string[] {
  const ends = [from, to].map((key) => rows.findIndex((row) => row.key === key));
  const [start, end] = [Math.min(...ends), Math.max(...ends)];
  const found = start === -1 ? [] : rows.slice(start, end + 1).filter(isSelectable);
  const keys = found.map((row) => row.key);
  return ends[0] === end ? keys.reverse() : keys;
}
