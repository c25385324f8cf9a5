import type { MessageRowView, TimelineRow } from '@everywire/chat-client';
import { useCallback, useMemo, useRef, useState } from 'react';

/** The maximum number of selected messages: forwarded to ten conversations, they fill the outbox. */
export const SELECTED_MAX = 100;

/** The selected messages and the actions that change the selection. */
export interface Selection {
  /** In the order of the timeline. Selection mode is on while there is at least one. */
  readonly rows: readonly MessageRowView[];
  readonly keys: ReadonlySet<string>;
  /** Toggles a message; with `range`, selects all from the one toggled last. */
  readonly pick: (key: string, range: boolean) => void;
  /** Selects both messages and those between, when the focus moves from one to the other. */
  readonly extend: (from: string, to: string) => void;
  readonly end: () => void;
}

/** Manages the selected messages. Messages that are recalled or deleted drop out of it. */
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

/** An unsent message cannot be forwarded. */
function isSelectable(row: TimelineRow): row is MessageRowView {
  return row.type === 'message' && row.sequence !== null;
}

function withKeys(before: ReadonlySet<string>, keys: readonly string[]): ReadonlySet<string> {
  const next = new Set(before);
  for (const key of keys) if (next.size < SELECTED_MAX) next.add(key);
  return next;
}

/** Returns the keys between two rows, inclusive, starting at `from`. */
function between(rows: readonly TimelineRow[], from: string, to: string): readonly string[] {
  const ends = [from, to].map((key) => rows.findIndex((row) => row.key === key));
  const [start, end] = [Math.min(...ends), Math.max(...ends)];
  const found = start === -1 ? [] : rows.slice(start, end + 1).filter(isSelectable);
  const keys = found.map((row) => row.key);
  return ends[0] === end ? keys.reverse() : keys;
}
