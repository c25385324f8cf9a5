import type { TimelineRow } from '@everywire/chat-client';
import { describe, expect, test } from 'vitest';
import { type TimelineItem, timelineItems } from './timeline-items.js';

/*
 * `timelineItems` turns the rows of a timeline (messages, gaps) into the items of the list, with groups of messages, day separators and
 * the unread line.
 */

const noon = new Date(2026, 10, 20, 12, 0, 0).getTime();
const ann = { id: 1, name: 'ann', displayName: 'Ann' };
const bo = { id: 2, name: 'bo', displayName: 'Bo' };

type MessageRow = Extract<TimelineRow, { readonly type: 'message' }>;

function row(key: string, change: Partial<MessageRow> = {}): MessageRow {
  const base = {
    type: 'message',
    key,
    sequence: 1,
    sender: ann,
    own: false,
    text: key,
    sentAt: noon,
    receipt: null,
    files: [],
    quote: null,
    mentions: null,
    mentionsMe: false,
    replies: 0,
    repliesUnread: 0,
    forwarded: null,
    textVersion: 0,
    editedAt: null,
    pinned: null,
    reactions: [],
    pending: false,
  } as const;
  return { ...base, ...change };
}

/**
 * Builds the items. `atStart`: the oldest row is the start of the history. `heads`: the keys of messages that began a group in an
 * earlier call; the function adds to it.
 */
function build(
  rows: readonly TimelineRow[],
  change: { atStart?: boolean; unreadKey?: string; heads?: Set<string> } = {},
) {
  const { atStart = false, unreadKey = null, heads = new Set<string>() } = change;
  return timelineItems({ rows, atStart, unreadKey, heads });
}

const keys = (items: readonly TimelineItem[]) => items.map((item) => item.key);
/** Returns the keys of the items, with each group in parentheses: `(a b) (c)`. */
const shape = (items: readonly TimelineItem[]) =>
  items
    .map((item) => (item.type === 'message' ? `${item.head ? '(' : ''}${item.key}${item.tail ? ')' : ''}` : item.key))
    .join(' ');

describe('timelineItems', () => {
  test('[item 14] messages of one sender within five minutes form a group', () => {
    const rows = [
      row('a'),
      row('b', { sentAt: noon + 299_999 }),
      row('c', { sentAt: noon + 2 * 299_999 + 2 }),
      row('d', { sender: bo, sentAt: noon + 600_001 }),
    ];
    expect(shape(build(rows))).toBe('(a b) (c) (d)');
  });

  test('[item 13] a day separator precedes the first row of each day, except the oldest loaded row', () => {
    const rows = [row('a'), row('b', { sentAt: noon + 86_400_000 })];
    expect(keys(build(rows))).toEqual(['a', 'day b', 'b']);
    expect(keys(build(rows, { atStart: true }))).toEqual(['day a', 'a', 'day b', 'b']);
  });

  test('[item 10] the unread line precedes its row and ends the group', () => {
    expect(shape(build([row('a'), row('b')], { unreadKey: 'b' }))).toBe('(a) new b (b)');
  });

  test('[item 8] prepending changes no existing item', () => {
    const heads = new Set<string>();
    const held = [row('c'), row('d'), row('e', { sentAt: noon + 86_400_000 })];
    const before = build(held, { heads });
    const after = build([row('a'), row('b'), ...held], { heads });
    expect(after.slice(-before.length)).toEqual(before);
    expect(shape(after)).toBe('(a b) (c d) day e (e)');
  });

  test('[item 15] the last sent message always shows its time, even if a failed message follows it', () => {
    const sent = row('a', { own: true, receipt: { state: 'sent' } });
    const failed = row('b', { own: true, receipt: { state: 'failed', code: 'busy' } });
    const later = row('c', { own: true, receipt: { state: 'sent' } });
    const stamped = (items: readonly TimelineItem[]) => items.map((item) => item.type === 'message' && item.stamped);
    expect(stamped(build([sent, failed]))).toEqual([true, true]);
    expect(stamped(build([sent, later]))).toEqual([false, true]);
  });

  test('only the last waiting message says in words why it waits', () => {
    const waiting = { own: true, receipt: { state: 'waiting' } } as const;
    const items = build([row('a', waiting), row('b', waiting)]);
    expect(items.map((item) => item.type === 'message' && item.lastWaiting)).toEqual([false, true]);
  });

  test('a gap ends a group, and the message after it keeps its head when the gap is filled', () => {
    const heads = new Set<string>();
    const gap = { type: 'gap', key: 'gap', loading: false } as const;
    expect(shape(build([row('a'), gap, row('c')], { heads }))).toBe('(a) gap (c)');
    expect(shape(build([row('a'), row('b'), row('c')], { heads }))).toBe('(a b) (c)');
  });

  test('damaged messages are a separate row that ends a group', () => {
    const damaged = { type: 'damaged', key: 'damaged', sequence: 2 } as const;
    const items = build([row('a'), damaged, row('c')]);
    expect(items.map(({ type }) => type)).toEqual(['message', 'damaged', 'message']);
    expect(items.map((item) => item.type === 'message' && item.head)).toEqual([true, false, true]);
  });
});
