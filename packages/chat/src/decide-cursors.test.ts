import { describe, expect, it } from 'vitest';
import { planDelivered, planRead } from './decide-cursors.js';
import { planDraft } from './decide-draft.js';
import type { Conversation, Follow, Member } from './model.js';
import type { MemberRows } from './store.js';
import { group, memberOf } from './test-rows.js';

// Tests the decisions about cursors: how far a member has read a conversation (`read`), and how far a device has
// received it (`delivered`). `shown` is the position that other members see.

const direct: Conversation = { ...group, kind: 'direct', directKey: [1, 2] };
const [me, peer] = [memberOf(group, 1, { read: 4, shown: 4, delivered: 6 }), memberOf(group, 2)];

/** The rows for a cursor to this position. */
const rows = (position: number, changed: Partial<MemberRows> = {}): MemberRows => ({
  epoch: 'e',
  conversation: group,
  member: me,
  peer: null,
  position: { sequence: position, ordinal: position - 2, senderOrdinal: 1 },
  follow: null,
  receipts: true,
  ...changed,
});
const read = planRead({ command: 'read', conversation: 7, sequence: 9 }, { actor: 1, now: 77 });
const delivered = planDelivered({ command: 'delivered', conversation: 7, sequence: 9 }, { now: 77 });

describe('planRead', () => {
  it('[CH-19.2] read moves the cursor with its ordinals, shows it, and raises the revision', () => {
    expect(read.decide(rows(9))).toMatchObject({
      members: [
        {
          ...me,
          read: 9,
          readAt: 77,
          readOrdinal: 7,
          readSent: 1,
          revision: me.revision + 1,
          shown: 9,
          shownAt: 77,
          delivered: 9,
          deliveredAt: 77,
        },
      ],
    });
  });

  it('[CH-19.2] read does nothing at or below the cursor', () => {
    const nothing = { outcome: 'accepted', members: [], result: {}, notices: [] };
    expect(read.decide(rows(4))).toEqual(nothing);
    expect(read.decide(rows(2))).toEqual(nothing);
  });

  it('read clears the unread mark even if nothing new is read', () => {
    const marked: Member = { ...me, mark: true };
    expect(read.decide(rows(4, { member: marked }))).toMatchObject({
      members: [{ ...me, mark: false, revision: me.revision + 1 }],
    });
  });

  it("[CH-23.2] read notifies the reader's devices, and watchers of a small group", () => {
    expect(read.decide(rows(9))).toMatchObject({
      notices: [
        { to: 'users', users: [1], event: { event: 'own', revision: me.revision + 1 } },
        {
          to: 'watchers',
          event: { receipt: { user: 1, shown: 9, shownAt: 77, delivered: 9, deliveredAt: 77, from: 1 } },
        },
      ],
    });
  });

  it('[CH-23.1] read raises the revision of the peer of a direct conversation, whose entry shows it', () => {
    expect(read.decide(rows(9, { conversation: direct, peer }))).toMatchObject({
      members: [{ user: 1 }, { ...peer, revision: peer.revision + 1 }],
      notices: [{ users: [1] }, { users: [2], event: { event: 'own', revision: peer.revision + 1 } }],
    });
  });

  it('[CH-23.4] read notifies no other member of a large conversation', () => {
    expect(read.decide(rows(9, { conversation: { ...group, large: true } }))).toMatchObject({
      notices: [{ to: 'users', users: [1] }],
    });
  });

  it("[CH-21.3] read in a thread moves only its cursor and notifies only the reader's devices", () => {
    const inThread = planRead({ command: 'read', conversation: 7, sequence: 9, thread: 3 }, { actor: 1, now: 77 });
    const follow: Follow = { conversation: 7, user: 1, root: 3, sent: 2, read: 6, readOrdinal: 1, readSent: 1 };
    expect(inThread.thread).toBe(3);
    expect(inThread.decide(rows(9, { follow }))).toEqual({
      outcome: 'accepted',
      members: [{ ...me, revision: me.revision + 1 }],
      follow: { ...follow, read: 9, readOrdinal: 7, readSent: 1 },
      result: {},
      notices: [
        { to: 'users', users: [1], event: { event: 'own', epoch: 'e', conversation: 7, revision: me.revision + 1 } },
      ],
    });
    const nothing = { outcome: 'accepted', members: [], result: {}, notices: [] };
    expect(inThread.decide(rows(6, { follow }))).toEqual(nothing);
    expect(inThread.decide(rows(9))).toEqual(nothing);
  });

  it('[CH-3.2] read is refused to a former member', () => {
    const former = memberOf(group, 1, { periods: [{ from: 1, to: 4, toModification: 0 }] });
    expect(read.decide(rows(9, { member: former }))).toEqual({ outcome: 'refused', code: 'not_member' });
    expect(read.decide(rows(9, { conversation: null, member: null }))).toEqual({
      outcome: 'refused',
      code: 'not_found',
    });
  });
});

describe('planDelivered', () => {
  it("[CH-23.1] delivered moves without raising the user's own revision", () => {
    expect(delivered.decide(rows(9))).toMatchObject({
      members: [{ ...me, delivered: 9, deliveredAt: 77 }],
      notices: [{ to: 'watchers' }],
    });
    expect(delivered.decide(rows(9, { conversation: direct, peer }))).toMatchObject({
      members: [
        { user: 1, revision: me.revision },
        { user: 2, revision: peer.revision + 1 },
      ],
      notices: [{ users: [2] }],
    });
  });

  it('[CH-23.4] delivered does not move in a large conversation, nor at or below its position', () => {
    expect(delivered.decide(rows(9, { conversation: { ...group, large: true } }))).toMatchObject({
      members: [],
      notices: [],
    });
    expect(delivered.decide(rows(6))).toMatchObject({ members: [], notices: [] });
  });
});

describe('planDraft', () => {
  const drafting: Member = { ...me, draft: { text: 'hel', revision: 2 } };
  const decide = (text: string, base: number) =>
    planDraft({ command: 'draft', conversation: 7, text, base }).decide(rows(0, { member: drafting, position: null }));

  it('a draft based on the current revision is stored', () => {
    expect(decide('hello', 2)).toMatchObject({
      members: [{ draft: { text: 'hello', revision: 3 }, revision: me.revision + 1 }],
      result: { accepted: true, draft: { text: 'hello', revision: 3 } },
      notices: [{ users: [1], event: { event: 'own' } }],
    });
  });

  it('a draft based on a stale revision overwrites nothing', () => {
    expect(decide('other', 1)).toEqual({
      outcome: 'accepted',
      members: [],
      result: { accepted: false, draft: drafting.draft },
      notices: [],
    });
  });

  it('an unchanged draft succeeds and writes nothing', () => {
    expect(decide('hel', 0)).toEqual({
      outcome: 'accepted',
      members: [],
      result: { accepted: true, draft: drafting.draft },
      notices: [],
    });
  });
});
