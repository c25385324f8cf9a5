import type { TimelineRow } from '@everywire/chat-client';
import { localDay } from '../i18n/dates.js';

type Row<T extends TimelineRow['type']> = Extract<TimelineRow, { readonly type: T }>;

/** One line of the virtual list. Keys are unique and stay, so that measured heights and the focus stay with them. */
export type TimelineItem =
  | { readonly type: 'day'; readonly key: string; readonly at: number }
  | { readonly type: 'new'; readonly key: string }
  | {
      readonly type: 'message';
      readonly key: string;
      readonly row: Row<'message'>;
      /** First and last of a group: the same sender within five minutes. */
      readonly head: boolean;
      readonly tail: boolean;
      /** Carries its time always: the last of its group that left this device. */
      readonly stamped: boolean;
      /** The last of those that wait says so in words, and why: it is next to where one writes. */
      readonly lastWaiting: boolean;
    }
  | { readonly type: 'service'; readonly key: string; readonly row: Row<'service'> }
  | { readonly type: 'recalled'; readonly key: string; readonly row: Row<'recalled'> }
  | { readonly type: 'gap'; readonly key: string; readonly row: Row<'gap'> }
  | { readonly type: 'damaged'; readonly key: string };

const groupMs = 5 * 60_000;

interface ItemsInput {
  readonly rows: readonly TimelineRow[];
  readonly atStart: boolean;
  readonly unreadKey: string | null;
  /**
   * Rows that began a group where held history began. They keep it when older rows come before them: prepending then changes no
   * item that is already there, so nothing moves what one is reading. Added to here; lives as long as the timeline is open.
   */
  readonly heads: Set<string>;
}

/** What is known of the rows so far. A day's bounds are computed once a day, not once a row. */
interface Walk {
  readonly items: TimelineItem[];
  day: { readonly from: number; readonly to: number };
  /** The message that the next one may follow in its group. */
  before: Row<'message'> | null;
  readonly lastWaiting: string | null;
}

/** Rows with days, the unread line and groups, in one pass. */
export function timelineItems(input: ItemsInput): readonly TimelineItem[] {
  const lastWaiting = input.rows.findLast((row) => row.type === 'message' && row.receipt?.state === 'waiting');
  const walk: Walk = { items: [], day: { from: 0, to: 0 }, before: null, lastWaiting: lastWaiting?.key ?? null };
  let edge = true;
  for (const row of input.rows) {
    if (row.type === 'gap' || row.type === 'damaged') {
      walk.items.push(row.type === 'gap' ? { type: 'gap', key: row.key, row } : row);
      walk.before = null;
    } else {
      addSeparators(walk, row, input);
      if (row.type === 'message') addMessage(walk, row, edge, input.heads);
      else addService(walk, row);
    }
    edge = row.type === 'gap';
  }
  return walk.items;
}

function addSeparators(
  walk: Walk,
  row: Exclude<TimelineRow, { readonly type: 'gap' | 'damaged' }>,
  { atStart, unreadKey }: ItemsInput,
): void {
  if (row.sentAt < walk.day.from || row.sentAt >= walk.day.to) {
    walk.day = localDay(row.sentAt);
    walk.before = null;
    // The day of the first held row floats above the list; its own pill comes when the start of history is held.
    if (walk.items.length > 0 || atStart) walk.items.push({ type: 'day', key: `day ${row.key}`, at: row.sentAt });
  }
  if (row.key === unreadKey) {
    walk.items.push({ type: 'new', key: `new ${row.key}` });
    walk.before = null;
  }
}

function addService(walk: Walk, row: Row<'service'> | Row<'recalled'>): void {
  walk.items.push(
    row.type === 'service' ? { type: row.type, key: row.key, row } : { type: row.type, key: row.key, row },
  );
  walk.before = null;
}

/** `edge`: held history begins here. */
function addMessage(walk: Walk, row: Row<'message'>, edge: boolean, heads: Set<string>): void {
  if (edge) heads.add(row.key);
  const follows = walk.before !== null && continues(walk.before, row) && !heads.has(row.key);
  if (follows) endsNoLonger(walk.items, row);
  const lastWaiting = row.key === walk.lastWaiting;
  walk.items.push({ type: 'message', key: row.key, row, head: !follows, tail: true, stamped: true, lastWaiting });
  walk.before = row;
}

function continues(before: Row<'message'>, row: Row<'message'>): boolean {
  return before.sender.id === row.sender.id && row.sentAt - before.sentAt < groupMs;
}

function endsNoLonger(items: TimelineItem[], next: Row<'message'>): void {
  const last = items.at(-1);
  if (last?.type !== 'message') return;
  items[items.length - 1] = { ...last, tail: false, stamped: next.receipt !== null && !left(next.receipt.state) };
}

function left(state: NonNullable<Row<'message'>['receipt']>['state']): boolean {
  return state === 'sent' || state === 'delivered' || state === 'read';
}
