import { describe, expect, it } from 'vitest';
import { ConversationLog } from './conversation-log.js';
import { newRow, pageOf, rowAt, touched } from './test-wire.js';

// Tests `ConversationLog`, the messages of one conversation that a device holds. `held` are the ranges of sequences;
// between two ranges there is a gap. The modification counts changes to messages: a log that misses one requests the
// changes since its own modification.

/** Names a held row, so that the server detects a log of another history. */
const check = (sequence: number) => ({ sequence, id: `id ${sequence}` });
/** The request for the newest page. */
const latest = (held: number) => ({
  command: 'page',
  conversation: 7,
  anchor: { at: 'end' },
  limit: 30,
  check: check(held),
});
/** The request for changes after this modification. */
const changes = (since: number) => ({ command: 'changes', conversation: 7, since });

/** Returns a log that holds the messages 71 to 100, when the last sequence is 100 and the modification 14. */
function opened(): ConversationLog {
  const log = new ConversationLog(7, 30);
  log.applyPage(pageOf(71, 100, { sequence: 100, modification: 14 }));
  return log;
}

const sequences = (log: ConversationLog): readonly number[] => log.rows().map((row) => row.sequence);

describe('ConversationLog', () => {
  it('[CH-9.4] a log takes its modification from the first page', () => {
    const log = new ConversationLog(7, 30);
    expect(log.missing()).toEqual([{ ...latest(0), check: null }]);
    expect(log.applyPage(pageOf(71, 100, { sequence: 100, modification: 14 }))).toEqual([]);
    expect([log.held, log.modification, log.top, log.atStart]).toEqual([[[71, 100]], 14, 100, false]);
  });

  it('[CH-8.1] a log appends the next row', () => {
    const log = opened();
    expect(log.applyCommit(newRow(101, 14))).toEqual([]);
    expect([log.held, log.modification]).toEqual([[[71, 101]], 14]);
  });

  it('[CH-8.1] [pain 4] a row beyond the next one becomes a separate span, with a gap before it', () => {
    const log = opened();
    expect(log.applyCommit(newRow(105, 14))).toEqual([]);
    expect([log.held, log.gaps]).toEqual([
      [
        [71, 100],
        [105, 105],
      ],
      [101],
    ]);
    expect(log.fill(101)).toMatchObject({ anchor: { at: 'before', sequence: 105 }, check: check(105) });
    log.applyPage(pageOf(98, 104, { sequence: 105, modification: 14 }));
    expect([log.held, log.gaps, log.fill(101)]).toEqual([[[71, 105]], [], null]);
  });

  it('[CH-8.2] [pain 4] a late row goes into its gap, but not below all held rows', () => {
    const log = opened();
    expect(log.applyCommit(newRow(104, 14))).toEqual([]);
    expect(log.applyCommit(newRow(102, 14))).toEqual([]);
    expect(log.applyCommit(newRow(60, 14))).toEqual([]);
    expect(log.held).toEqual([
      [71, 100],
      [102, 102],
      [104, 104],
    ]);
    expect(log.applySent(rowAt(103, { sender: 1 }), 14)).toEqual([]);
    expect(log.applyCommit(newRow(101, 14))).toEqual([]);
    expect([log.held, log.gaps, log.row(60)]).toEqual([[[71, 104]], [], undefined]);
  });

  it('[CH-8.2] [CH-9.5] touches of a late row are requested, because they may have been missed', () => {
    const log = opened();
    log.applyCommit(newRow(102, 14));
    log.applyCommit(touched(100, 102, 15));
    expect(log.modification).toBe(15);
    expect(log.applyCommit(newRow(101, 14))).toEqual([changes(14)]);
    expect([log.held, log.modification]).toEqual([[[71, 102]], 14]);
  });

  it('[CH-8.2] a repeated event is dropped', () => {
    const log = opened();
    log.applyCommit(newRow(101, 14));
    const { version } = log;
    expect(log.applyCommit(newRow(101, 14))).toEqual([]);
    expect(log.version).toBe(version);
  });

  it('[CH-8.3] a consecutive touch is applied to a held row', () => {
    const log = opened();
    expect(log.applyCommit(touched(80, 100, 15))).toEqual([]);
    expect([log.modification, log.row(80)?.modification]).toEqual([15, 15]);
  });

  it('[CH-9.5] [CH-9.7] the touch of a row not held is dropped, and an older page with the row lowers the modification', () => {
    const log = opened();
    expect(log.applyCommit(touched(60, 100, 15))).toEqual([]);
    expect([log.modification, log.row(60)]).toEqual([15, undefined]);
    expect(log.applyPage(pageOf(41, 70, { sequence: 100, modification: 14 }))).toEqual([changes(14)]);
    expect(log.modification).toBe(14);
    const row = rowAt(60, { modification: 15 });
    expect(log.applyChanges({ outcome: 'changes', epoch: 'e', since: 14, rows: [row], to: 15, more: false })).toEqual(
      [],
    );
    expect([log.modification, log.row(60)?.modification]).toEqual([15, 15]);
  });

  it('[CH-9.6] a page does not raise the modification, because it says nothing about other rows', () => {
    const log = opened();
    expect(log.applyPage(pageOf(41, 70, { sequence: 100, modification: 16 }))).toEqual([changes(14)]);
    expect(log.modification).toBe(14);
  });

  it('[CH-8.4] a gap of modifications causes a request and leaves the modification', () => {
    const log = opened();
    expect(log.applyCommit(touched(80, 100, 17))).toEqual([changes(14)]);
    expect([log.modification, log.row(80)?.modification]).toEqual([14, 0]);
  });

  it('[CH-9.5] a new row from an older snapshot lowers the modification', () => {
    const log = opened();
    log.applyCommit(touched(101, 101, 15));
    expect(log.modification).toBe(15);
    expect(log.applyCommit(newRow(101, 14))).toEqual([changes(14)]);
    expect(log.modification).toBe(14);
  });

  it('[CH-10.3] [CH-10.4] changes are requested while there are more, and an answer to an outdated request is dropped', () => {
    const log = opened();
    log.seeHead({ sequence: 100, modification: 20 });
    const answer = { outcome: 'changes' as const, epoch: 'e', rows: [rowAt(80, { modification: 16 })] };
    expect(log.applyChanges({ ...answer, since: 14, to: 16, more: true })).toEqual([changes(16)]);
    log.applyPage(pageOf(41, 70, { sequence: 100, modification: 13 }));
    expect(log.applyChanges({ ...answer, since: 16, to: 20, more: false })).toEqual([]);
    expect(log.modification).toBe(13);
  });

  it('[CH-8.5] a touch never replaces a row by an older one, nor adds a row', () => {
    const log = opened();
    log.applyCommit(touched(80, 100, 15));
    log.applyChanges({
      outcome: 'changes',
      epoch: 'e',
      since: 14,
      rows: [rowAt(80, { modification: 12 }), rowAt(50, { modification: 15 })],
      to: 15,
      more: false,
    });
    expect([log.row(80)?.modification, log.row(50)]).toEqual([15, undefined]);
  });

  it('[CH-2] [pain 4] the newest page is requested when a higher head is known', () => {
    const log = opened();
    expect(log.seeHead({ sequence: 9_000, modification: 20 })).toEqual([latest(100), changes(14)]);
    log.applyPage(pageOf(8_971, 9_000, { sequence: 9_000, modification: 20 }));
    expect(log.held).toEqual([
      [71, 100],
      [8_971, 9_000],
    ]);
    expect(log.missing()).toEqual([changes(14)]);
  });

  it('[CH-9.2] sequences that a page covered without rows are not requested again', () => {
    const log = opened();
    log.applyPage({ ...pageOf(1, 0, { sequence: 100, modification: 14 }), rows: [rowAt(3)], covers: [1, 70] });
    expect([log.held, log.atStart, log.older()]).toEqual([[[1, 100]], true, null]);
    expect(sequences(log).slice(0, 2)).toEqual([3, 71]);
  });

  it('[CH-9.5] an acknowledged own message is added and lowers the modification to that of its commit', () => {
    const log = opened();
    expect(log.applySent(rowAt(101, { sender: 1 }), 14)).toEqual([]);
    expect(log.held).toEqual([[71, 101]]);
    log.applyCommit(touched(102, 102, 15));
    expect(log.applySent(rowAt(102, { sender: 1 }), 14)).toEqual([changes(14)]);
  });

  it('a log applies nothing before the first page', () => {
    const log = new ConversationLog(7, 30);
    expect(log.applyCommit(newRow(5))).toEqual([]);
    expect(log.applySent(rowAt(6), 0)).toEqual([]);
    expect(log.rowCount).toBe(0);
    expect(log.applyPage(pageOf(1, 4, { sequence: 4, modification: 0 }))).toEqual([latest(4)]);
  });

  it('a trimmed log drops the oldest rows and is complete for the rest', () => {
    const log = opened();
    log.applyCommit(newRow(105, 14));
    log.trim(3);
    expect([sequences(log), log.held]).toEqual([
      [99, 100, 105],
      [
        [99, 100],
        [105, 105],
      ],
    ]);
  });

  it('[pain 4] a log with gaps is the same after it was stored and restored', () => {
    const log = opened();
    log.applyCommit(newRow(105, 14));
    const stored = log.store();
    if (stored === null) throw new Error('nothing to store');
    const again = ConversationLog.restore(JSON.parse(JSON.stringify(stored)), 30);
    expect(again.store()).toEqual(stored);
    expect(new ConversationLog(7, 30).store()).toBeNull();
  });
});

describe('a message that is sought', () => {
  const around = (sequence: number) => ({ anchor: { at: 'around' as const, sequence } });

  it('a sought message is requested with its surroundings and held after the page, with gaps on both sides', () => {
    const log = opened();
    expect(log.seek(40)).toMatchObject([around(40)]);
    expect(log.find(40)).toBe('asked');
    log.applyPage(pageOf(26, 55, { sequence: 100, modification: 14 }), around(40).anchor);
    expect(log.find(40)).toMatchObject({ sequence: 40 });
    expect([log.held, log.missing()]).toEqual([
      [
        [26, 55],
        [71, 100],
      ],
      [],
    ]);
  });

  it('a sought message is requested again after a lost connection, unless it is held meanwhile', () => {
    const log = opened();
    log.seek(40);
    expect(log.seeHead({ sequence: 100, modification: 14 })).toMatchObject([around(40)]);
    log.applyPage(pageOf(35, 70, { sequence: 100, modification: 14 }));
    expect([log.find(40), log.missing()]).toMatchObject([{ sequence: 40 }, []]);
  });

  it('a sought message that is invisible or beyond the head is reported as missing and not requested again', () => {
    const log = opened();
    log.seek(40);
    const page = pageOf(26, 55, { sequence: 100, modification: 14 });
    log.applyPage({ ...page, rows: page.rows.filter(({ sequence }) => sequence !== 40) }, around(40).anchor);
    expect(log.find(40)).toBeNull();
    expect(log.seek(900)).toMatchObject([around(900)]);
    log.applyPage(pageOf(86, 100, { sequence: 100, modification: 14 }), around(900).anchor);
    expect([log.find(900), log.missing()]).toEqual([null, []]);
    expect([log.find(41), log.find(60)]).toMatchObject([{ sequence: 41 }, undefined]);
  });

  it('a gap next to a sought message is filled from its older end as well', () => {
    const log = opened();
    log.seek(40);
    log.applyPage(pageOf(26, 55, { sequence: 100, modification: 14 }), around(40).anchor);
    expect(log.fill(56)).toMatchObject({ anchor: { at: 'before', sequence: 71 } });
    expect(log.fill(56, 'older')).toMatchObject({ anchor: { at: 'after', sequence: 55 } });
  });
});

describe('a page of replies alone', () => {
  const reply = (sequence: number) => rowAt(sequence, { thread: { root: 3, ordinal: sequence } });
  const repliesFrom = (low: number, high: number) => {
    const page = pageOf(low, high, { sequence: 100, modification: 0 });
    return { ...page, rows: page.rows.map(({ sequence }) => reply(sequence)) };
  };

  it('after a page of replies alone, longer pages are requested until one has visible rows', () => {
    const log = new ConversationLog(7, 30);
    const barren = repliesFrom(71, 100);
    log.applyPage(barren);
    expect(log.beyondReplies(barren)).toMatchObject([{ anchor: { at: 'before', sequence: 71 }, limit: 100 }]);
    const last = pageOf(1, 70, { sequence: 100, modification: 0 });
    log.applyPage(last);
    expect(log.beyondReplies(last)).toEqual([]);
  });

  it('[CH-21.6] a page of replies alone causes no further request in a thread or a gap', () => {
    const thread = new ConversationLog(7, 30, 3);
    thread.applyPage(repliesFrom(71, 100));
    expect(thread.beyondReplies(repliesFrom(71, 100))).toEqual([]);
    const log = opened();
    log.applyPage(pageOf(21, 40, { sequence: 100, modification: 14 }));
    log.applyPage(repliesFrom(50, 60));
    expect(log.beyondReplies(repliesFrom(50, 60))).toEqual([]);
  });
});
