import type { TimelineRow } from '@everywire/chat-client';

/** Where the next or the previous unread mention is: at a sequence, in a gap that is not held, or nowhere. */
export type MentionStep =
  | { readonly at: 'message'; readonly sequence: number }
  | { readonly at: 'gap'; readonly key: string; readonly loading: boolean }
  | null;

interface Walk {
  readonly rows: readonly TimelineRow[];
  /** The first unread mention, by its sequence. */
  readonly first: number;
  /** How many unread ones there are. */
  readonly count: number;
  /** The mention one was led to last; 0 before the first. */
  readonly visited: number;
  /** Mentions that were on the screen. */
  readonly seen: ReadonlySet<number>;
}

/** A gap on the way is looked into, as long as not all mentions have been met or seen. */
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

/** One has been there, so it is held. */
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
