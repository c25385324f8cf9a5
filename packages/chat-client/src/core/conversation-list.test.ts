import { groupSettings } from '@everywire/chat';
import { describe, expect, it } from 'vitest';
import { ConversationList } from './conversation-list.js';
import { entryOf, newRow, rowAt, touched } from './test-wire.js';

// Tests `ConversationList`, the entries of a user's conversations. An entry has three versions: the sequence of its
// last message, the modification of its messages, and the revision of what only this user sees.

const me = 1;
/** An answer to a request for the list. */
const answer = (outcome: 'changed' | 'limited' | 'reset', entries = [entryOf()], more = false) => ({
  outcome,
  epoch: 'e',
  cursor: 'c',
  entries,
  more,
});

function listOf(...entries: readonly ReturnType<typeof entryOf>[]): ConversationList {
  const list = new ConversationList();
  for (const entry of entries) list.merge(entry);
  return list;
}

describe('ConversationList', () => {
  it('[CH-11.1] [CH-11.2] an entry is replaced by one that is lower in no part', () => {
    const list = listOf(entryOf());
    expect(list.merge(entryOf({ sequence: 11 }))).toMatchObject({ merged: 'taken', before: { sequence: 10 } });
    expect(list.merge(entryOf({ sequence: 11, revision: 2 }))).toMatchObject({ merged: 'taken' });
    expect(list.merge(entryOf({ sequence: 11 }))).toEqual({ merged: 'older' });
    expect(list.merge(entryOf({ sequence: 11, modification: 4, revision: 1 }))).toEqual({ merged: 'mixed' });
    expect(list.entry(7)).toMatchObject({ sequence: 11, modification: 0, revision: 2 });
  });

  it('[CH-7.2] [CH-11.3] [pain 2] a consecutive event advances an entry and its unread count', () => {
    const list = listOf(entryOf());
    expect(list.applyCommit(newRow(11), me)).toBe('moved');
    expect(list.entry(7)).toMatchObject({
      sequence: 11,
      count: 11,
      unread: 1,
      activity: 110,
      preview: { sequence: 11 },
    });
  });

  it('[CH-11.4] [pain 2] an own message advances an entry without counting as unread, unless it clears a draft', () => {
    const own = newRow(11, 0, rowAt(11, { sender: me }));
    const list = listOf(entryOf());
    expect(list.applyCommit(own, me)).toBe('moved');
    expect(list.entry(7)).toMatchObject({ sequence: 11, count: 11, sent: 1, unread: 0 });
    expect(listOf(entryOf({ draft: { text: 'hel', revision: 1 } })).applyCommit(own, me)).toBe('ask');
  });

  it('[CH-11.4] service messages about others and about the conversation advance an entry', () => {
    const settings = { ...groupSettings, send: 'admins' as const };
    for (const [service, shown] of [
      [{ change: 'added', users: [2, 3] }, { memberCount: 3 }],
      [{ change: 'left', owner: 3 }, {}],
      [{ change: 'role', user: 3, role: 'admin' }, { role: 'member' }],
      [{ change: 'renamed', name: 'other' }, { name: 'other' }],
      [{ change: 'picture', picture: 'f1' }, { picture: 'f1' }],
      [{ change: 'settings', settings }, { settings }],
    ] as const) {
      const list = listOf(entryOf());
      expect(list.applyCommit(newRow(11, 0, rowAt(11, { body: { kind: 'service', service } })), me)).toBe('moved');
      expect(list.entry(7)).toMatchObject({ sequence: 11, ...shown });
    }
  });

  it('[CH-28.7] a text restores a dismissed conversation, but a service message does not', () => {
    const renamed = { kind: 'service', service: { change: 'renamed', name: 'other' } } as const;
    const list = listOf(entryOf({ dismissed: true }));
    list.applyCommit({ ...newRow(11, 0, rowAt(11, { body: renamed })), count: 10 }, me);
    expect(list.entry(7)).toMatchObject({ sequence: 11, dismissed: true });
    list.applyCommit({ ...newRow(12), count: 11 }, me);
    expect(list.entry(7)).toMatchObject({ sequence: 12, dismissed: false });
  });

  it('[CH-11.3] an entry is requested if an event is not consecutive or changes the member’s own part', () => {
    const service = rowAt(11, { body: { kind: 'service', service: { change: 'left', owner: me } } });
    for (const event of [newRow(12), newRow(11, 0, null), newRow(11, 0, service), touched(5, 10, 1)]) {
      const list = listOf(entryOf());
      expect(list.applyCommit(event, me)).toBe('ask');
      expect(list.entry(7)).toEqual(entryOf());
    }
    expect(new ConversationList().applyCommit(newRow(11), me)).toBe('ask');
    expect(listOf(entryOf({ member: false })).applyCommit(newRow(11), me)).toBe('ask');
  });

  it('[CH-11.5] an event that is not newer than the entry is dropped', () => {
    expect(listOf(entryOf()).applyCommit(newRow(10), me)).toBe('old');
    expect(listOf(entryOf({ modification: 3 })).applyCommit(touched(5, 10, 3), me)).toBe('old');
  });

  it('[CH-11.5] an entry is requested for an own event only if its revision is lower', () => {
    const own = (revision: number) => ({ event: 'own' as const, epoch: 'e', conversation: 7, revision });
    expect([
      listOf(entryOf()).applyOwn(own(1)),
      listOf(entryOf()).applyOwn(own(2)),
      new ConversationList().applyOwn(own(1)),
    ]).toEqual(['old', 'ask', 'ask']);
  });

  it('[CH-12] the list keeps all entries if an answer contains only changes', () => {
    const list = listOf(entryOf());
    expect(list.applyFrame(answer('changed', []), list.tick)).toEqual([]);
    expect([list.cursor, list.entries().length]).toEqual(['c', 1]);
  });

  it('[CH-15.2] [CH-15.4] a limited list drops other entries and returns those that changed since the request', () => {
    const list = listOf(entryOf({ conversation: 1 }), entryOf({ conversation: 2 }));
    const askedAt = list.tick;
    list.merge(entryOf({ conversation: 3 }));
    list.merge(entryOf({ conversation: 2, sequence: 11 }));
    const given = entryOf({ conversation: 2, sequence: 12 });
    expect(list.applyFrame(answer('limited', [given], true), askedAt)).toEqual([3]);
    list.merge(given);
    expect(list.entries().map((entry) => entry.conversation)).toEqual([2]);
    expect([list.more, list.scrollPosition]).toEqual([true, { place: 'normal', activity: 100, conversation: 2 }]);
    expect([list.isOutdated(askedAt), list.isOutdated(list.tick)]).toEqual([true, false]);
  });

  it('[CH-15.3] scrolling continues where the last page ended', () => {
    const list = listOf();
    list.applyFrame(answer('reset', [entryOf({ conversation: 1, activity: 50 })], true), 0);
    list.applyPageFrame({ epoch: 'e', entries: [entryOf({ conversation: 2, activity: 40 })], more: true });
    expect(list.scrollPosition).toEqual({ place: 'normal', activity: 40, conversation: 2 });
    list.applyPageFrame({ epoch: 'e', entries: [], more: false });
    expect([list.more, list.scrollPosition]).toEqual([false, { place: 'normal', activity: 40, conversation: 2 }]);
  });

  it('[CH-25.3] a distrusted entry is replaced by any other', () => {
    const list = listOf(entryOf());
    list.distrust(7);
    expect(list.distrusted()).toEqual([7]);
    expect(list.merge(entryOf({ sequence: 3 }))).toMatchObject({ merged: 'taken' });
    expect(list.merge(entryOf({ sequence: 2 }))).toEqual({ merged: 'older' });
  });

  it('the sorted array keeps its identity until an entry changes', () => {
    const list = listOf(
      entryOf({ conversation: 1, activity: 5 }),
      entryOf({ conversation: 2, activity: 9 }),
      entryOf({ conversation: 3, activity: 5 }),
    );
    const before = list.entries();
    expect(before.map((entry) => entry.conversation)).toEqual([2, 1, 3]);
    list.applyFrame(answer('changed', []), list.tick);
    expect(list.entries()).toBe(before);
    list.merge(entryOf({ conversation: 1, activity: 20, sequence: 11 }));
    expect(list.entries().map((entry) => entry.conversation)).toEqual([1, 2, 3]);
  });

  it('a list is the same after it was stored and restored', () => {
    const list = listOf(entryOf());
    list.applyFrame(answer('changed', []), list.tick);
    expect(ConversationList.restore(JSON.parse(JSON.stringify(list.store()))).store()).toEqual(list.store());
    list.clear();
    expect(list.store()).toEqual({ cursor: null, more: false, entries: [] });
  });
});
