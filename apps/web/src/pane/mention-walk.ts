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
}

/** A gap on the way is looked into, as long as not all mentions have been met. */
export function nextMention({ rows, first, count, visited }: Walk): MentionStep {
  if (visited < first) return { at: 'message', sequence: first };
  const from = rows.findLastIndex((row) => sequenceOf(row) !== null && (sequenceOf(row) ?? 0) <= visited);
  const met = rows.slice(0, from + 1).filter((row) => isMention(row, first)).length;
  if (met >= count) return null;
  for (const row of rows.slice(from + 1)) {
    if (row.type === 'gap') return { at: 'gap', key: row.key, loading: row.loading };
    if (isMention(row, first)) return { at: 'message', sequence: sequenceOf(row) ?? 0 };
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
