import { describe, expect, it } from 'vitest';
import { assembleEntry, compareListPositions, entryActivity, previewSequence, unreadOf } from './entry.js';
import { group, memberOf } from './test-rows.js';

const member = memberOf(group, 2, { sent: 3, read: 6, readOrdinal: 5, readSent: 2, activity: 400 });
const former = memberOf(group, 2, {
  ...member,
  periods: [{ from: 1, to: 6, toModification: 2 }],
  ended: { how: 'removed', name: 'as it was' },
});
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

describe('assembleEntry', () => {
  it('[CH-19] counts the unread by arithmetic', () => {
    expect(unreadOf({ count: 8, readOrdinal: 5, sent: 3, readSent: 2 })).toBe(2);
    expect(assembleEntry({ conversation: group, member, preview, peer: null }).unread).toBe(2);
  });

  it('[CH-11] carries its version and what the list shows', () => {
    expect(assembleEntry({ conversation: group, member, preview, peer: null })).toMatchObject({
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

  it('[CH-7] keeps the arithmetic of the sender out of a row', () => {
    const entry = assembleEntry({ conversation: group, member, preview, peer: null });
    expect(entry.preview).not.toHaveProperty('senderOrdinal');
    expect(entry.preview).not.toHaveProperty('conversation');
  });

  it('[CH-3] shows a former member the stub and nothing said since', () => {
    expect(assembleEntry({ conversation: group, member: former, preview, peer: null })).toMatchObject({
      member: false,
      ended: 'removed',
      name: 'as it was',
      sequence: 6,
      modification: 2,
      count: 0,
      unread: 0,
      memberCount: 0,
      preview: null,
    });
  });

  it('[CH-24] previews the head unless it is cleared or not theirs', () => {
    expect(previewSequence(group, member)).toBe(10);
    expect(previewSequence(group, { ...member, cleared: 10 })).toBeNull();
    expect(previewSequence(group, former)).toBeNull();
  });

  it('[CH-13] orders a large conversation by its own activity, a stub by the last it knew', () => {
    expect(entryActivity({ ...group, large: true }, member)).toBe(500);
    expect(entryActivity(group, member)).toBe(400);
    expect(entryActivity({ ...group, large: true }, former)).toBe(400);
  });

  it('[CH-15] orders by activity falling, then by id', () => {
    const positions = [
      { activity: 5, conversation: 2 },
      { activity: 9, conversation: 3 },
      { activity: 5, conversation: 1 },
    ];
    expect(positions.toSorted(compareListPositions).map(({ conversation }) => conversation)).toEqual([3, 1, 2]);
  });
});
