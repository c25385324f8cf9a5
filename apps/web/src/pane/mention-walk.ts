import type { TimelineRow } from '@everywire/chat-client';

/** The place of the next or previous unread mention: a message, a gap that must be loaded first, or none. */
export type MentionStep =
  | { readonly at: 'message'; readonly sequence: number }
  | { readonly at: 'gap'; readonly key: string; readonly loading: boolean }
  | null;

interface Walk {
  readonly rows: readonly TimelineRow[];
  /** The sequence of the first unread mention. */
  readonly first: number;
  /** The number of unread mentions. */
  readonly count: number;
  /** The mention visited last; 0 before the first. */
  readonly visited: number;
  /** Mentions that were visible on the screen. */
  readonly seen: ReadonlySet<number>;
}

/** Returns the next unread mention, or the first gap before it unless all mentions are accounted for. */
export function nextMention({ rows, first, count, visited, seen }: Walk): MentionStep {
  if (visited < first && !seen.has(first)) return { at: 'message', sequence: first };
  const from = rows.findLastIndex(
    (row) => sequenceOf(row) !== null && (sequenceOf(row) ?? 0) <= Math.max(visited, first),
  );
  const isSeen = (row: TimelineRow): boolean => seen.has(sequenceOf(row) ?? 0);
  const met = rows.filter((row, index) => isMention(row, first) && (index <= from || isSeen(row))).length;
  if (met >= count) return null;
  for (const row of rows.slice(from + 1)) {
    if (row.type === 'gap') return { at: 'gap', key: row.key, loading: row.loading };
    if (isMention(row, first) && !isSeen(row)) return { at: 'message', sequence: sequenceOf(row) ?? 0 };
  }
  return null;
}

/** Returns the previous unread mention. It has been visited, so it is loaded. */
export function previousMention({ rows, first, visited }: Walk): MentionStep {
  const row = rows.findLast((each) => isMention(each, first) && (sequenceOf(each) ?? 0) < visited);
  const sequence = row === undefined ? null : sequenceOf(row);
  return sequence === null ? null : { at: 'message', sequence };
}

function isMention(row: TimelineRow, first: number): boolean {
  return row.type === 'message' && row.mentionsMe && (row.sequence ?? 0) >= first;
}

function sequenceOf(row: TimelineRow): number | null {
  return row.type === 'gap' ? null : row.sequence;
}
