import type { Period, PeriodsView } from '@everywire/chat';
import { expect, test } from 'vitest';
import { MemberViews } from './member-views.js';

const open: Period = { from: 1, to: null, toModification: null };

/** A conversation whose members change; counts how often it is read. */
class Members {
  membersAt = 1;
  epoch = 'e';
  readonly open = new Set<number>();
  readonly reads: (readonly number[])[] = [];
  /** Runs while a read is under way, after its snapshot was taken. */
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

const limits = { conversationsMax: 2, chunkUsers: 2 };

test('reads what it does not know, once, in bounded chunks', async () => {
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

test('[CH-17] a view older than the event is read again, as a whole', async () => {
  const members = new Members();
  members.open.add(1);
  const views = new MemberViews(members, limits);
  await views.read(7, [1], { epoch: 'e', membersAt: 1 });
  members.open.delete(1);
  members.membersAt = 5;
  const view = await views.read(7, [1], { epoch: 'e', membersAt: 5 });
  expect([view.membersAt, view.periods.size]).toEqual([5, 0]);
});

test('[CH-17] a view of another epoch is not used', async () => {
  const members = new Members();
  const views = new MemberViews(members, limits);
  await views.read(7, [1], { epoch: 'e', membersAt: 1 });
  members.epoch = 'f';
  members.open.add(1);
  expect((await views.read(7, [1], { epoch: 'f', membersAt: 0 })).periods.size).toBe(1);
});

test('when the members changed between two reads, the first is not mixed with the second', async () => {
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

test('[CH-3] a membership change that is heard of makes the view old, also one that was being read', async () => {
  const members = new Members();
  members.open.add(1);
  const views = new MemberViews(members, limits);
  members.meanwhile = () => views.outdate(7, 2);
  await views.read(7, [1], { epoch: 'e', membersAt: 0 });
  members.meanwhile = () => {};
  members.membersAt = 2;
  members.open.delete(1);
  expect((await views.read(7, [1], { epoch: 'e', membersAt: 0 })).periods.size).toBe(0);
  members.membersAt = 4;
  members.open.add(1);
  views.outdate(7, 4);
  expect((await views.read(7, [1], { epoch: 'e', membersAt: 0 })).periods.size).toBe(1);
});

test('remembers a bounded number of conversations, those used last', async () => {
  const members = new Members();
  const views = new MemberViews(members, limits);
  for (const conversation of [1, 2, 1, 3]) await views.read(conversation, [1], { epoch: 'e', membersAt: 1 });
  expect(members.reads).toHaveLength(3);
  await views.read(1, [1], { epoch: 'e', membersAt: 1 });
  expect(members.reads).toHaveLength(3);
  await views.read(2, [1], { epoch: 'e', membersAt: 1 });
  expect(members.reads).toHaveLength(4);
});
