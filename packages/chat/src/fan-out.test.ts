import { describe, expect, it } from 'vitest';
import { appendMessage } from './append.js';
import type { CommitEvent, ReceiptEvent } from './events.js';
import { commitAudience, commitNotices, receiptAudience } from './fan-out.js';
import type { Period } from './model.js';
import { commandId, context, group, memberOf, members } from './test-rows.js';

// Tests the audience of an event in a large conversation, from a view of its members' stays: the users who may see the
// changed row, and those who only get the new head (last sequence and modification). A stale view must be read again.

const open = (from: number): Period => ({ from, to: null, toModification: null });
const ended = (from: number, to: number, toModification: number): Period => ({ from, to, toModification });
/** The stays of each user, as read when the last change to the members had sequence `membersAt`. */
const view = (periods: Readonly<Record<number, readonly Period[]>>, membersAt = 5, epoch = 'e') => ({
  epoch,
  membersAt,
  periods: new Map(Object.entries(periods).map(([user, held]) => [Number(user), held])),
});

/** A commit that made this head and changed the message with sequence `row`. */
const event = (sequence: number, modification: number, row: number | null): CommitEvent => ({
  event: 'commit',
  epoch: 'e',
  conversation: 7,
  before: { sequence: sequence - 1, modification },
  after: { sequence, modification },
  membersAt: 5,
  large: true,
  row:
    row === null
      ? null
      : {
          sequence: row,
          id: 'a',
          sender: 1,
          commandId: 'c',
          body: { kind: 'text', text: '' },
          sentAt: 0,
          modification: 0,
          ordinal: 0,
        },
  count: 0,
  memberCount: 3,
  activity: 0,
});

describe('commitAudience', () => {
  it('[CH-17.4] commitAudience is stale for a view that is older than the event or of another epoch', () => {
    expect(commitAudience(view({ 1: [open(1)] }, 4), event(9, 0, 9))).toEqual({ outcome: 'stale' });
    expect(commitAudience(view({ 1: [open(1)] }, 5, 'f'), event(9, 0, 9))).toEqual({ outcome: 'stale' });
    expect(commitAudience(view({ 1: [open(1)] }, 6), event(9, 0, 9))).toEqual({
      outcome: 'known',
      withRow: [1],
      headsOnly: [],
    });
  });

  it('[CH-17.6] commitAudience excludes users whose stay does not include the commit, in either part of the head', () => {
    const periods = {
      1: [ended(1, 9, 2)],
      2: [ended(1, 8, 2)],
      3: [ended(1, 9, 1)],
      4: [open(10)],
      5: [open(9)],
      6: [],
    };
    expect(commitAudience(view(periods), event(9, 2, 9))).toEqual({ outcome: 'known', withRow: [1, 5], headsOnly: [] });
  });

  it('[CH-17.7] commitAudience gives only the heads to members who may not see the row', () => {
    const periods = { 1: [open(1)], 2: [open(5)], 3: [ended(2, 4, 0), open(6)] };
    expect(commitAudience(view(periods), event(9, 3, 3))).toEqual({
      outcome: 'known',
      withRow: [1, 3],
      headsOnly: [2],
    });
  });
});

describe('receiptAudience', () => {
  const receipt: ReceiptEvent = {
    event: 'receipt',
    epoch: 'e',
    conversation: 7,
    membersAt: 5,
    receipt: { user: 1, shown: 4, shownAt: 0, delivered: 4, deliveredAt: 0, from: 1 },
  };

  it('[CH-17.5] receiptAudience includes those who are members now and were then', () => {
    const periods = { 1: [open(1)], 2: [ended(1, 6, 0)], 3: [open(6)], 4: [open(5)] };
    expect(receiptAudience(view(periods, 6), receipt)).toEqual({ outcome: 'known', withRow: [1, 4], headsOnly: [] });
    expect(receiptAudience(view(periods, 4), receipt)).toEqual({ outcome: 'stale' });
  });
});

describe('commitNotices', () => {
  const [sender] = members;
  if (sender === undefined) throw new Error('no members');
  const { conversation, message } = appendMessage(
    group,
    sender,
    { kind: 'text', text: 'x' },
    { ...context, commandId },
  );
  const commit = { epoch: 'e', before: group, conversation, message, users: [1, 2], members: null };

  it('[CH-17.1] [CH-17.2] commitNotices names the users of a small conversation, and publishes once for a large one', () => {
    expect(commitNotices(commit)).toMatchObject([{ to: 'users', users: [1, 2] }]);
    expect(commitNotices({ ...commit, before: { ...group, large: true }, users: [] })).toMatchObject([
      { to: 'members', conversation: 7 },
    ]);
  });

  it('[CH-17.8] commitNotices names the users if this commit makes the conversation large', () => {
    expect(commitNotices({ ...commit, conversation: { ...conversation, large: true } })).toMatchObject([
      { to: 'users', users: [1, 2], event: { large: true } },
    ]);
  });

  it('[CH-17.7] commitNotices gives a changed row only to members whose stay includes it', () => {
    const late = memberOf(group, 2, { periods: [open(10)] });
    const touched = { ...message, sequence: 4, modification: 5 };
    const rows = new Map([
      [1, sender],
      [2, late],
    ]);
    expect(commitNotices({ ...commit, message: touched, members: rows })).toMatchObject([
      { users: [1], event: { row: { sequence: 4 } } },
      { users: [2], event: { row: null } },
    ]);
  });
});
