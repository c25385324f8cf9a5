import type { Entry, MessageRow } from '@everywire/chat';
import { describe, expect, it } from 'vitest';
import { coreLimits } from './core-limits.js';
import { LogCache } from './log-cache.js';
import type { OutboxItem } from './outbox.js';
import { entryOf, newRow, pageOf, rowAt } from './test-wire.js';
import { commandIdOf, lastEchoes, viewTimeline } from './timeline-view.js';

// Tests `viewTimeline`, which turns the held messages, the user's own unsent messages (echoes) and the gaps into the
// rows of the user interface.

const me = 1;

/** Views a log of the messages 4 to 6 and 9, with these changes. */
function view(changed: {
  readonly entry?: Entry | null;
  readonly rows?: readonly MessageRow[];
  readonly echoes?: readonly OutboxItem[];
  readonly connected?: boolean;
  readonly loading?: readonly (number | null)[];
}) {
  const logCache = new LogCache(coreLimits);
  const cachedLog = logCache.open(7, 5);
  const {
    rows = [rowAt(4), rowAt(5, { sender: me }), rowAt(6)],
    entry = entryOf(),
    echoes = [],
    connected = true,
    loading = [],
  } = changed;
  cachedLog.log.applyPage({ ...pageOf(4, 6, { sequence: 6, modification: 0 }), rows });
  cachedLog.log.applyCommit(newRow(9));
  return {
    cachedLog,
    shown: viewTimeline({
      me,
      entry,
      cachedLog,
      absent: false,
      echoes,
      actions: [],
      connected,
      isLoading: (low) => loading.includes(low),
    }),
  };
}

/** A message of the user that the server has not confirmed. */
const echo = (id: string, failed: OutboxItem['failed'] = null): OutboxItem => ({
  command: { command: 'send', id, conversation: 7, text: id },
  createdAt: 50,
  position: 0,
  failed,
});

describe('viewTimeline', () => {
  it('a timeline shows held rows in order, with gaps for missing ones', () => {
    const { shown } = view({ loading: [7] });
    expect(shown.rows.map((row) => (row.type === 'gap' ? row : row.sequence))).toEqual([
      4,
      5,
      6,
      { type: 'gap', key: 'gap-7', low: 7, loading: true },
      9,
    ]);
    expect([shown.atStart, shown.loading]).toEqual([false, false]);
  });

  it('[CH-37.4] a timeline shows one row in place of messages that the server cannot read', () => {
    const { cachedLog } = view({});
    const head = { sequence: 9, modification: 0 };
    cachedLog.log.applyPage({ ...pageOf(1, 2, head), damaged: [[3, 3]] });
    cachedLog.log.applyPage({ ...pageOf(7, 7, head), damaged: [[8, 8]] });
    const sources = { me, entry: entryOf(), cachedLog, absent: false, echoes: [], actions: [], connected: true };
    const shown = viewTimeline({ ...sources, isLoading: () => false });
    expect(shown.rows.map((row) => `${row.type} ${row.type === 'gap' ? row.low : row.sequence}`)).toEqual([
      ...['message 1', 'message 2', 'damaged 3', 'message 4', 'message 5', 'message 6', 'message 7'],
      ...['damaged 8', 'message 9'],
    ]);
    expect(shown.atStart).toBe(true);
  });

  it('a timeline names the first row unread at opening, not an own one, and none behind a gap', () => {
    expect(view({}).shown.unreadKey).toBe('2-command 6');
    const { shown, cachedLog } = view({ rows: [rowAt(4), rowAt(5), rowAt(6, { sender: me })] });
    expect(shown.unreadKey).toBeNull();
    cachedLog.log.applyPage(pageOf(7, 8, { sequence: 9, modification: 0 }));
    const sources = { me, entry: entryOf(), cachedLog, absent: false, echoes: [], actions: [] };
    expect(viewTimeline({ ...sources, connected: true, isLoading: () => false }).unreadKey).toBe('2-command 7');
  });

  it('waiting messages are at the end, and appear once when they have arrived', () => {
    const { shown } = view({ echoes: [echo('command 5'), echo('new'), echo('bad', 'too_long')] });
    expect(shown.rows.slice(-2)).toMatchObject([
      { key: '1-new', sequence: null, own: true, text: 'new', sentAt: 50, receipt: { state: 'sending' } },
      { key: '1-bad', receipt: { state: 'failed', code: 'too_long' } },
    ]);
    expect(shown.rows.filter((row) => row.key === '1-command 5')).toHaveLength(1);
    expect(view({ echoes: [echo('new')], connected: false }).shown.rows.at(-1)).toMatchObject({
      receipt: { state: 'waiting' },
    });
  });

  it('an echo keeps its key when it becomes a message', () => {
    const before = view({ echoes: [echo('x')] }).shown.rows.at(-1)?.key;
    const after = view({ rows: [rowAt(4), rowAt(5, { sender: me, commandId: 'x' }), rowAt(6)] }).shown.rows[1]?.key;
    expect(after).toBe(before);
    expect(commandIdOf(after ?? '')).toBe('x');
  });

  it('[CH-23.1] receipts of own messages in a direct conversation follow the peer', () => {
    const receiptWith = (shown: number, delivered: number) =>
      view({ entry: entryOf({ kind: 'direct', peer: { user: 2, shown, shownAt: 0, delivered, deliveredAt: 0 } }) })
        .shown.rows[1];
    expect(receiptWith(4, 4)).toMatchObject({ receipt: { state: 'sent' } });
    expect(receiptWith(4, 5)).toMatchObject({ receipt: { state: 'delivered' } });
    expect(receiptWith(5, 5)).toMatchObject({ receipt: { state: 'read', count: 1 } });
  });

  it('[CH-23.2] receipts of own messages in a group follow its receipts', () => {
    const { cachedLog } = view({});
    const receipts = [2, 3].map((user) => ({ user, from: 1, shown: 5, shownAt: 0, delivered: 5, deliveredAt: 0 }));
    cachedLog.receipts.applyAnswer({ outcome: 'receipts', epoch: 'e', membersAt: 1, receipts });
    const shown = viewTimeline({
      me,
      entry: entryOf(),
      cachedLog,
      absent: false,
      echoes: [],
      actions: [],
      connected: true,
      isLoading: () => false,
    });
    expect([shown.rows[0], shown.rows[1]]).toMatchObject([{ receipt: null }, { receipt: { state: 'read', count: 2 } }]);
  });

  it('a service message is shown with its content', () => {
    const service = { change: 'renamed' as const, name: 'new' };
    expect(view({ rows: [rowAt(4, { body: { kind: 'service', service } })] }).shown.rows[0]).toMatchObject({
      type: 'service',
      sequence: 4,
      sender: 2,
      service,
    });
  });

  it('[CH-3.2] [CH-15.2] a timeline shows no rows to a former member or without an entry', () => {
    const former = view({ entry: entryOf({ member: false, ended: 'removed' }) }).shown;
    expect([former.rows, former.atStart, former.loading]).toEqual([[], true, false]);
    const unknown = viewTimeline({
      me,
      entry: null,
      cachedLog: view({}).cachedLog,
      absent: false,
      echoes: [],
      actions: [],
      connected: true,
      isLoading: () => false,
    });
    expect([unknown.rows, unknown.loading]).toEqual([[], true]);
  });
});

describe('lastEchoes', () => {
  it('`lastEchoes` returns the last waiting message of each conversation', () => {
    const rename: OutboxItem = { ...echo('r'), command: { command: 'rename', id: 'r', conversation: 7, name: 'x' } };
    expect([...lastEchoes([echo('a'), echo('b'), rename])].map(([id, item]) => [id, item.command.id])).toEqual([
      [7, 'b'],
    ]);
  });
});
