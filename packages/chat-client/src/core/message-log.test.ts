import type { CommitEvent, HiddenAnswer, MessageRow, WireMessages } from '@everywire/chat';
import { describe, expect, it } from 'vitest';
import { ConversationLog } from './conversation-log.js';
import { newRow, pageOf, rowAt, touched } from './test-wire.js';

// Tests two parts of `ConversationLog`: quoted messages, and messages that the user has hidden for themselves.

const head = (sequence: number, modification = 0) => ({ sequence, modification });

/** Returns a log that holds 4 to 6, where 5 quotes 2. */
function started(rows: readonly MessageRow[] = [rowAt(4), rowAt(5, { quote: { sequence: 2, id: 'id 2' } }), rowAt(6)]) {
  const log = new ConversationLog(7, 30);
  const requests = log.applyPage({ ...pageOf(4, 6, head(6)), rows });
  return { log, requests };
}

const answer = (rows: readonly MessageRow[], modification = 0): WireMessages => ({
  outcome: 'messages',
  epoch: 'e',
  rows,
  head: head(6, modification),
  hiddenAt: 0,
});

const hiddenSince = (since: number, sequences: readonly number[], to: number): HiddenAnswer => ({
  outcome: 'hidden',
  epoch: 'e',
  since,
  sequences,
  to,
  more: false,
});

describe('quotes', () => {
  const names = [{ sequence: 2, id: 'id 2' }];

  it('[CH-22.1] a quoted message that is not held is requested and shown in its current state', () => {
    const { log, requests } = started();
    expect(requests).toEqual([{ command: 'messages', conversation: 7, names }]);
    expect(log.quoted(2)).toBeUndefined();
    log.applyMessages(answer([rowAt(2)]), names);
    expect(log.quoted(2)).toEqual(rowAt(2));
    log.applyCommit(touched(2, 6, 1));
    expect(log.quoted(2)).toMatchObject({ body: { text: 'touched 1' } });
    expect(log.row(2)).toBeUndefined();
  });

  it('[CH-22.2] an invisible quoted message is reported and not requested again', () => {
    const { log } = started();
    expect(log.applyMessages(answer([]), names)).toEqual([]);
    expect(log.quoted(2)).toBeNull();
  });

  it('[CH-9.5] a late answer with quoted rows lowers the modification', () => {
    const { log } = started();
    log.applyCommit(touched(5, 6, 1));
    expect(log.applyMessages(answer([rowAt(2)]), names)).toContainEqual({
      command: 'changes',
      conversation: 7,
      since: 0,
    });
  });
});

describe('what was hidden', () => {
  it('[CH-48.5] [CH-48.8] hidden messages reported by an entry are requested, removed, and never added by a late answer', () => {
    const { log } = started([rowAt(4), rowAt(5), rowAt(6)]);
    expect(log.seeHidden(3)).toEqual([{ command: 'hidden', conversation: 7, since: 0 }]);
    expect(log.applyHidden(hiddenSince(0, [5, 7], 3))).toEqual([]);
    log.applyCommit(touched(5, 6, 1));
    log.applyCommit(newRow(7, 1));
    expect(log.rows().map(({ sequence }) => sequence)).toEqual([4, 6]);
    expect(ConversationLog.restore(structuredClone(log.store() ?? fail()), 30).store()).toEqual(log.store());
  });

  it('[CH-48.6] [CH-48.7] hidden messages are requested again after an older page', () => {
    const { log } = started([rowAt(4), rowAt(5), rowAt(6)]);
    log.seeHidden(3);
    log.applyHidden(hiddenSince(0, [5], 3));
    const queries = log.applyPage({ ...pageOf(1, 3, head(6)), hiddenAt: 2 });
    expect(queries).toEqual([{ command: 'hidden', conversation: 7, since: 2 }]);
    expect(log.applyHidden(hiddenSince(3, [], 3))).toEqual(queries);
  });
});

describe('threads', () => {
  const reply = (sequence: number, ordinal: number): CommitEvent => ({
    ...newRow(sequence, 0, rowAt(sequence, { thread: { root: 4, ordinal } })),
    before: head(sequence - 1, ordinal - 1),
    after: head(sequence, ordinal),
    root: 4,
  });

  it('[CH-8.6] [CH-21.5] a reply is counted at its root once, and only if the row is older', () => {
    const { log } = started([rowAt(4, { replies: 2 }), rowAt(5), rowAt(6)]);
    log.applyCommit(reply(7, 1));
    log.applyCommit(reply(7, 1));
    expect([log.row(4)?.replies, log.modification]).toEqual([3, 1]);
    log.applyCommit(touched(4, 7, 2));
    expect(log.row(4)).toMatchObject({ replies: 3, body: { text: 'touched 2' } });
  });

  it('[CH-8.6] [CH-21.5] a late commit adds no reply to a root from a page that already counts it', () => {
    const { log } = started([rowAt(5), rowAt(6)]);
    const root = rowAt(4, { replies: 1, modification: 1 });
    log.applyPage({ ...pageOf(4, 4, head(7, 1)), rows: [root] });
    expect([log.row(4), log.modification]).toEqual([root, 0]);
    log.applyCommit(reply(7, 1));
    expect([log.row(4), log.modification]).toEqual([root, 1]);
    log.applyCommit(reply(8, 2));
    expect(log.row(4)).toEqual({ ...root, replies: 2, modification: 2 });
  });

  it('[CH-21.6] a thread holds only its root and replies, and follows the head across other messages', () => {
    const log = new ConversationLog(7, 30, 4);
    log.applyPage({ ...pageOf(4, 4, head(6)), covers: [1, 6] });
    expect(log.applyCommit(newRow(7))).toEqual([]);
    expect(log.applyCommit(reply(8, 1))).toEqual([]);
    expect([log.rows().map(({ sequence }) => sequence), log.held]).toEqual([[4, 8], [[1, 8]]]);
    const [query] = log.applyCommit(newRow(11, 1));
    expect(query).toMatchObject({ command: 'page', anchor: { at: 'end' }, thread: 4 });
  });
});

function fail(): never {
  throw new Error('nothing is kept');
}
