import type { TimelineRow } from '@everywire/chat-client';
import { localDay } from '../i18n/dates.js';

type Row<T extends TimelineRow['type']> = Extract<TimelineRow, { readonly type: T }>;

/** One row of the virtual list. Keys are unique and stable, because measured heights and the focus are bound to them. */
export type TimelineItem =
  | { readonly type: 'day'; readonly key: string; readonly at: number }
  | { readonly type: 'new'; readonly key: string }
  | {
      readonly type: 'message';
      readonly key: string;
      readonly row: Row<'message'>;
      /** First and last of a group: messages of one sender within five minutes. */
      readonly head: boolean;
      readonly tail: boolean;
      /** Always shows its time: the last message of its group that has left this device. */
      readonly stamped: boolean;
      /** The last waiting message, which shows the reason as text. */
      readonly lastWaiting: boolean;
    }
  | { readonly type: 'service'; readonly key: string; readonly row: Row<'service'> }
  | { readonly type: 'recalled'; readonly key: string; readonly row: Row<'recalled'> }
  | { readonly type: 'gap'; readonly key: string; readonly row: Row<'gap'> }
  | { readonly type: 'damaged'; readonly key: string };

const GROUP_MS = 5 * 60_000;

interface ItemsInput {
  readonly rows: readonly TimelineRow[];
  readonly atStart: boolean;
  readonly unreadKey: string | null;
  /**
   * Rows that began a group at the start of loaded history. They keep that when older rows are prepended, so that prepending changes no
   * existing item and nothing moves. Modified here; must live as long as the timeline is open.
   */
  readonly heads: Set<string>;
}

/** The state of the pass. The bounds of a day are computed once per day, not per row. */
interface Walk {
  readonly items: TimelineItem[];
  day: { readonly from: number; readonly to: number };
  /** The message whose group the next one may join. */
  before: Row<'message'> | null;
  readonly lastWaiting: string | null;
}

/** Returns the rows with day separators, unread line and groups added, in one pass. */
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
    // The floating day shows the day of the first loaded row; the separator is added when the start of history is loaded.
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

/** Adds a message. `edge`: loaded history begins here. */
function addMessage(walk: Walk, row: Row<'message'>, edge: boolean, heads: Set<string>): void {
  if (edge) heads.add(row.key);
  const follows = walk.before !== null && continues(walk.before, row) && !heads.has(row.key);
  if (follows) unmarkTail(walk.items, row);
  const lastWaiting = row.key === walk.lastWaiting;
  walk.items.push({ type: 'message', key: row.key, row, head: !follows, tail: true, stamped: true, lastWaiting });
  walk.before = row;
}

function continues(before: Row<'message'>, row: Row<'message'>): boolean {
  return before.sender.id === row.sender.id && row.sentAt - before.sentAt < GROUP_MS;
}

function unmarkTail(items: TimelineItem[], next: Row<'message'>): void {
  const last = items.at(-1);
  if (last?.type !== 'message') return;
  items[items.length - 1] = { ...last, tail: false, stamped: next.receipt !== null && !left(next.receipt.state) };
}

function left(state: NonNullable<Row<'message'>['receipt']>['state']): boolean {
  return state === 'sent' || state === 'delivered' || state === 'read';
}
