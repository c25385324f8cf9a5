import type { CommitEvent, MessageBody, Period, PeriodsView } from '@everywire/chat';
import { expect, test } from 'vitest';
import { MemberViews } from './member-views.js';

// Tests `MemberViews`, a cache of the periods during which users were members of a conversation. `membersAt` is the
// sequence of the last change to the members; a view is stale if it is older than the event that needs it.

const open: Period = { from: 1, to: null, toModification: null };

/** Stands for the store: a conversation whose members the test changes. Records the reads. */
class Members {
  /** The sequence of the last change to the members. */
  membersAt = 1;
  epoch = 'e';
  /** The present members. */
  readonly open = new Set<number>();
  readonly reads: (readonly number[])[] = [];
  /** Runs during a read, after its snapshot was taken. */
  meanwhile: () => void = () => {};

  async periods(_conversation: number, users: readonly number[]): Promise<PeriodsView> {
    this.reads.push(users);
    const { epoch, membersAt } = this;
    const periods = new Map(users.filter((user) => this.open.has(user)).map((user) => [user, [open]]));
    await null;
    this.meanwhile();
    return { epoch, membersAt, periods };
  }
}

const limits = { conversationsMax: 2, chunkUsers: 2, periodsMax: 10 };

test('MemberViews reads unknown users once, in bounded chunks', async () => {
  const members = new Members();
  members.open.add(1).add(3);
  const views = new MemberViews(members, limits);
  const view = await views.read(7, [1, 2, 3], { epoch: 'e', membersAt: 1 });
  expect([...view.periods.keys()]).toEqual([1, 3]);
  expect(members.reads).toEqual([[1, 2], [3]]);
  await views.read(7, [3, 2], { epoch: 'e', membersAt: 1 });
  expect(members.reads).toHaveLength(2);
  await views.read(7, [3, 4], { epoch: 'e', membersAt: 1 });
  expect(members.reads.slice(2)).toEqual([[4]]);
});

test('[CH-17.4] a view older than the event is read again as a whole', async () => {
  const members = new Members();
  members.open.add(1);
  const views = new MemberViews(members, limits);
  await views.read(7, [1], { epoch: 'e', membersAt: 1 });
  members.open.delete(1);
  members.membersAt = 5;
  const view = await views.read(7, [1], { epoch: 'e', membersAt: 5 });
  expect([view.membersAt, view.periods.size]).toEqual([5, 0]);
});

test('[CH-17.3] a view of another epoch is not used', async () => {
  const members = new Members();
  const views = new MemberViews(members, limits);
  await views.read(7, [1], { epoch: 'e', membersAt: 1 });
  members.epoch = 'f';
  members.open.add(1);
  expect((await views.read(7, [1], { epoch: 'f', membersAt: 0 })).periods.size).toBe(1);
});

test('two reads are not merged if the members changed between them', async () => {
  const members = new Members();
  members.open.add(1);
  const views = new MemberViews(members, limits);
  await views.read(7, [1], { epoch: 'e', membersAt: 1 });
  members.membersAt = 3;
  members.open.delete(1);
  members.open.add(2);
  const view = await views.read(7, [1, 2], { epoch: 'e', membersAt: 1 });
  expect([view.membersAt, [...view.periods.keys()]]).toEqual([3, [2]]);
});

/** Returns the commit that changed the members at `membersAt`: `users` were added or removed. */
function changed(membersAt: number, change: 'added' | 'removed', users: readonly number[]): CommitEvent {
  const head = { sequence: membersAt, modification: 0 };
  const body: MessageBody = { kind: 'service', service: { change, users } };
  const row = { ...head, id: 'f', sender: 1, commandId: 'c', sentAt: 0, ordinal: membersAt, body };
  const state = { before: { ...head, sequence: membersAt - 1 }, after: head, membersAt, row };
  return { ...state, event: 'commit', epoch: 'e', conversation: 7, large: true, count: 9, memberCount: 3, activity: 0 };
}

test('[CH-3.1] [CH-17.4] a membership change updates the view without a read, even during a read', async () => {
  const members = new Members();
  members.open.add(1);
  const views = new MemberViews(members, limits);
  members.meanwhile = () => views.apply(changed(2, 'removed', [1]), 1);
  await views.read(7, [1, 2], { epoch: 'e', membersAt: 0 });
  views.apply(changed(5, 'added', [2, 3]), 2);
  const view = await views.read(7, [1, 2], { epoch: 'e', membersAt: 5 });
  expect([view.membersAt, [...view.periods]]).toEqual([
    5,
    [
      [1, [{ from: 1, to: 2, toModification: 0 }]],
      [2, [{ from: 5, to: null, toModification: null }]],
    ],
  ]);
  expect(members.reads).toEqual([[1, 2]]);
});

test('[CH-17.4] a change whose predecessor was missed makes the view stale, even during a read', async () => {
  const members = new Members();
  members.open.add(1);
  const views = new MemberViews(members, limits);
  members.meanwhile = () => views.apply(changed(3, 'removed', [4]), 2);
  await views.read(7, [1], { epoch: 'e', membersAt: 0 });
  members.meanwhile = () => {};
  members.membersAt = 3;
  members.open.delete(1);
  expect((await views.read(7, [1], { epoch: 'e', membersAt: 0 })).periods.size).toBe(0);
  members.membersAt = 4;
  members.open.add(1);
  views.apply(changed(4, 'added', [1]), null);
  expect((await views.read(7, [1], { epoch: 'e', membersAt: 0 })).periods.size).toBe(1);
  expect(members.reads).toHaveLength(3);
});

test('[CH-17.3] [CH-17.4] a large conversation is read once in chunks, and later only users who join and are new here', async () => {
  const members = new Members();
  const users = Array.from({ length: 5_000 }, (_, index) => index + 1);
  for (const user of users) members.open.add(user);
  const views = new MemberViews(members, { ...limits, chunkUsers: 500 });
  await views.read(7, users, { epoch: 'e', membersAt: 1 });
  expect(members.reads).toHaveLength(10);
  for (let at = 2; at <= 101; at += 1) {
    members.membersAt = at;
    members.open.add(5_000 + at);
    views.apply(changed(at, 'added', [5_000 + at]), at - 1);
    users.push(5_000 + at);
    const view = await views.read(7, users, { epoch: 'e', membersAt: at });
    expect([view.membersAt, view.periods.size]).toEqual([at, users.length]);
  }
  expect(members.reads.slice(10).map((asked) => asked.length)).toEqual(Array.from({ length: 100 }, () => 1));
});

test('MemberViews caches a bounded number of conversations and evicts the least recently used', async () => {
  const members = new Members();
  const views = new MemberViews(members, limits);
  for (const conversation of [1, 2, 1, 3]) await views.read(conversation, [1], { epoch: 'e', membersAt: 1 });
  expect(members.reads).toHaveLength(3);
  await views.read(1, [1], { epoch: 'e', membersAt: 1 });
  expect(members.reads).toHaveLength(3);
  await views.read(2, [1], { epoch: 'e', membersAt: 1 });
  expect(members.reads).toHaveLength(4);
});
