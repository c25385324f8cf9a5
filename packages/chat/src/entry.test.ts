import { describe, expect, it } from 'vitest';
import { assembleEntry, compareListPositions, type EntryRows, entryActivity, findPreview, unreadOf } from './entry.js';
import { chatLimits } from './limits.js';
import type { Message } from './message.js';
import type { Follow, Member } from './model.js';
import type { ListPosition } from './store-answers.js';
import { group, memberOf } from './test-rows.js';
import type { Entry } from './views.js';

// Tests entries: a conversation as it appears in the list of one user (here user 2), with its preview and the number of
// unread messages.

const member = memberOf(group, 2, { sent: 3, read: 6, readOrdinal: 5, readSent: 2, activity: 400 });
/** The same user after being removed at sequence 6. */
const former = memberOf(group, 2, {
  ...member,
  periods: [{ from: 1, to: 6, toModification: 2 }],
  ended: { how: 'removed', name: 'as it was' },
});
/** The last message. */
const preview = {
  conversation: 7,
  sequence: 10,
  id: 'a',
  sender: 1,
  commandId: 'c',
  body: { kind: 'text' as const, text: 'last' },
  sentAt: 9,
  modification: 0,
  ordinal: 8,
  senderOrdinal: 5,
};

/** A followed thread with this many unread messages of others, after one of each was read. */
const thread = (root: number, unread: number) => {
  const follow: Follow = { conversation: 7, user: 2, root, sent: 2, read: 9, readOrdinal: 2, readSent: 1 };
  return { follow, count: 3 + unread, hidden: 0, mentions: 0 };
};

/** The entry assembled from the rows above, with these changes. */
const entryFrom = (changed: Partial<EntryRows> = {}): Entry =>
  assembleEntry(
    {
      conversation: group,
      member,
      preview,
      peer: null,
      blocked: false,
      hidden: 0,
      mentions: [],
      threads: [],
      ...changed,
    },
    chatLimits,
  );

describe('assembleEntry', () => {
  it('[CH-19.1] unread messages are counted by arithmetic', () => {
    expect(unreadOf({ count: 8, readOrdinal: 5, sent: 3, readSent: 2, hidden: 0 })).toBe(2);
    expect(entryFrom().unread).toBe(2);
    expect(entryFrom({ hidden: 1 }).unread).toBe(1);
  });

  it('[CH-11.1] an entry carries its version and the fields that the list shows', () => {
    expect(entryFrom()).toMatchObject({
      conversation: 7,
      sequence: 10,
      modification: 4,
      revision: member.revision,
      member: true,
      ended: null,
      name: 'group',
      preview: { sequence: 10, body: { kind: 'text', text: 'last' } },
      peer: null,
    });
  });

  it('[CH-7.2] the preview leaves out the fields that only its sender needs', () => {
    const entry = entryFrom();
    expect(entry.preview).not.toHaveProperty('senderOrdinal');
    expect(entry.preview).not.toHaveProperty('conversation');
  });

  it('[CH-3.2] a former member sees a stub and nothing that was sent since', () => {
    expect(entryFrom({ member: former, hidden: 1, mentions: [5], threads: [thread(3, 9)] })).toMatchObject({
      member: false,
      ended: 'removed',
      name: 'as it was',
      sequence: 6,
      modification: 2,
      count: 0,
      unread: 0,
      memberCount: 0,
      preview: null,
      hidden: 0,
      mentions: 0,
      threads: [],
      threadsUnread: 0,
    });
  });

  it('[CH-20.1] an entry counts the messages that mention the user and names the first', () => {
    expect(entryFrom({ mentions: [4, 9] })).toMatchObject({ mentions: 2, mentionAt: 4 });
    expect(entryFrom()).toMatchObject({ mentions: 0, mentionAt: null });
  });

  it('[CH-21.2] an entry lists unread followed threads separately, the newest roots first', () => {
    const threads = [thread(3, 2), thread(5, 0), thread(9, 1)];
    expect(entryFrom({ threads })).toMatchObject({
      unread: 2,
      threads: [
        { root: 9, unread: 1, mentions: 0 },
        { root: 3, unread: 2, mentions: 0 },
      ],
      threadsUnread: 3,
    });
    const many = Array.from({ length: chatLimits.entryThreadsMax + 5 }, (_, index) => thread(index + 1, 1));
    const entry = entryFrom({ threads: many });
    expect([entry.threads.length, entry.threadsUnread]).toEqual([chatLimits.entryThreadsMax, many.length]);
  });

  it('[CH-13.2] [CH-13.7] a large conversation is ordered by its own activity, and a stub by the last activity it knew', () => {
    expect(entryActivity({ ...group, large: true }, member)).toBe(500);
    expect(entryActivity(group, member)).toBe(400);
    expect(entryActivity({ ...group, large: true }, former)).toBe(400);
  });

  it('[CH-28.2] [CH-28.3] [CH-24] the list orders pinned first and archived last, then by falling activity, then by id', () => {
    const positions: readonly ListPosition[] = [
      { place: 'archived', activity: 99, conversation: 4 },
      { place: 'normal', activity: 5, conversation: 2 },
      { place: 'normal', activity: 9, conversation: 3 },
      { place: 'pinned', activity: 1, conversation: 5 },
      { place: 'normal', activity: 5, conversation: 1 },
    ];
    expect(positions.toSorted(compareListPositions).map(({ conversation }) => conversation)).toEqual([5, 3, 1, 2, 4]);
  });
});

describe('findPreview', () => {
  const row = (sequence: number): Message => ({ ...preview, sequence });
  const find = (who: Member, log: { readonly replies?: readonly number[]; readonly hidden?: readonly number[] } = {}) =>
    findPreview(group, who, {
      get: (sequence) =>
        log.replies?.includes(sequence) ? { ...row(sequence), thread: { root: 2, ordinal: 1 } } : row(sequence),
      isHidden: (sequence) => log.hidden?.includes(sequence) ?? false,
      stepsMax: 3,
    })?.sequence ?? null;

  it("[CH-24] the preview is the head unless it is cleared or outside the member's stay", () => {
    expect(find(member)).toBe(10);
    expect(find({ ...member, cleared: 10 })).toBeNull();
    expect(find(former)).toBeNull();
  });

  it('[CH-24] the preview skips thread replies and hidden messages, for a bounded number of steps', () => {
    const hiding = { ...member, hiddenAt: 5 };
    expect(find(hiding, { replies: [10], hidden: [9] })).toBe(8);
    expect(find(member, { hidden: [10] })).toBe(10);
    expect(find(hiding, { replies: [10, 9, 8] })).toBeNull();
  });
});
