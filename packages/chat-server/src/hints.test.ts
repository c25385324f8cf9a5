import type { CommitEvent, MembersNotice, Period, PeriodsView, ReceiptEvent, TypingEvent } from '@everywire/chat';
import type { WireSession } from '@everywire/server';
import { expect, test } from 'vitest';
import { Hints } from './hints.js';
import { LargeMembers } from './large-members.js';
import { LiveSessions } from './live-sessions.js';
import { MemberViews } from './member-views.js';

// Tests `Hints`, which sends the live events (hints) of committed changes to users who are online. In a large
// conversation, each member may see only the messages of their own stays, so the server reads these periods first. A
// hint may be lost: clients then read the change by their next request.

/** One server node, and everything that it sent. */
interface Scene {
  readonly hints: Hints;
  /** `topic class text` of each publication. */
  readonly published: string[];
  /** The publications that went through the broker, and the messages to other nodes. */
  readonly brokered: unknown[];
  /** The lines of the log. */
  readonly lines: string[];
  /** How often a hint was lost. */
  readonly lost: () => number;
  /** Answers the reads that have started. */
  readonly answer: () => Promise<void>;
  /** Reports of `onFanOut`, in order. */
  readonly fannedOut: unknown[];
  /** Makes every later publication throw. */
  readonly fail: (error: Error) => void;
}

/**
 * Creates a node with users 1 to 3 online in conversation 7. A read of their stays waits until the test calls `answer`.
 *
 * @param stays the periods during which each user was a member
 * @param waitingMax the number of hints that may wait for reads
 */
function scene(stays: ReadonlyMap<number, readonly Period[]>, waitingMax = 10, people = 3, epochOf = () => 'e'): Scene {
  const sessions = new LiveSessions(10);
  for (let user = 1; user <= people; user += 1) {
    sessions.watch(sessions.add({} as WireSession, user, 'c'), new Set([7]));
  }
  const waiting: (() => void)[] = [];
  const periods = async (_conversation: number, users: readonly number[]): Promise<PeriodsView> => {
    await new Promise<void>((resolve) => waiting.push(resolve));
    const view = new Map([...stays].filter(([user]) => users.includes(user)));
    return { epoch: epochOf(), membersAt: 9, periods: view };
  };
  let failure: Error | null = null;
  const fail = (error: Error): void => {
    failure = error;
  };
  const published: string[] = [];
  const brokered: unknown[] = [];
  const fannedOut: unknown[] = [];
  const lines: string[] = [];
  let losses = 0;
  const note = (line: string): void => {
    lines.push(line);
  };
  const hints = new Hints({
    publish: (topics, text, topicClass, reach) => {
      if (failure !== null) throw failure;
      published.push(...topics.map((topic) => `${topic} ${topicClass} ${text}`));
      if (reach !== 'node') brokered.push(topics);
    },
    sendToNodes: (message) => brokered.push(message),
    onFanOut: (...report) => fannedOut.push(report),
    onLost: () => {
      losses += 1;
    },
    sessions,
    views: new MemberViews({ periods }, { conversationsMax: 10, chunkUsers: 10_000, periodsMax: 10 }),
    largeMembers: new LargeMembers(sessions),
    log: { debug: note, info: note, warn: note, error: note },
    waitingMax,
  });
  const answer = async (): Promise<void> => {
    await new Promise((resolve) => setImmediate(resolve));
    for (const resolve of waiting.splice(0)) resolve();
    await new Promise((resolve) => setImmediate(resolve));
  };
  return { hints, fannedOut, published, brokered, lines, lost: () => losses, answer, fail };
}

/** The commit that changed an earlier message of a large conversation, such as an edit. */
function touched(sequence: number, conversation = 7): CommitEvent {
  const message = { sequence, id: 'f', sender: 1, commandId: 'c', sentAt: 0, modification: 1, ordinal: sequence };
  return {
    event: 'commit',
    epoch: 'e',
    conversation,
    before: { sequence: 9, modification: 0 },
    after: { sequence: 9, modification: 1 },
    membersAt: 9,
    large: true,
    row: { ...message, body: { kind: 'text', text: `row ${sequence}` } },
    count: 9,
    memberCount: 3,
    activity: 0,
  };
}

/** A stay since this sequence that has not ended. */
const open = (from: number): Period => ({ from, to: null, toModification: null });
/** The notice by which a commit reaches all members. */
const toMembers = (event: CommitEvent): MembersNotice => ({
  to: 'members',
  conversation: event.conversation,
  event,
  membersBefore: event.membersAt,
});

test('[CH-17.7] a changed row of a large conversation goes to members whose stay includes it, and only the heads to the others', async () => {
  const stays = new Map([
    [1, [open(1)]],
    [2, [open(6)]],
  ]);
  const { hints, published, answer } = scene(stays);
  hints.announce([toMembers(touched(5))], null);
  await answer();
  expect(published.map((line) => [line.split(' ')[0], line.includes('row 5'), line.includes('"row":null')])).toEqual([
    ['user:1', true, false],
    ['user:2', false, true],
  ]);
});

test('hints of one conversation keep their order while a view is read, and those of another do not wait', async () => {
  const { hints, published, answer } = scene(new Map([[1, [open(1)]]]));
  hints.announce([toMembers(touched(5)), toMembers(touched(6))], null);
  hints.announce([{ to: 'users', users: [3], event: touched(1, 8) }], null);
  expect(published.map((line) => line.split(' ')[0])).toEqual(['user:3']);
  await answer();
  expect(published.slice(1).map((line) => /row \d/.exec(line)?.[0])).toEqual(['row 5', 'row 6']);
});

test('[CH-16.3] hints beyond the limit of waiting ones are dropped and logged, and users must resync', async () => {
  const { hints, published, lines, lost, answer } = scene(new Map([[1, [open(1)]]]), 2);
  hints.announce(
    [5, 6, 7].map((sequence) => toMembers(touched(sequence))),
    null,
  );
  await answer();
  expect(published).toHaveLength(2);
  expect(lines).toEqual(['Hints of conversation 7 were dropped: too many wait.']);
  expect(lost()).toBe(1);
});

test('[CH-16.3] a hint that cannot be published is logged without an exception, and users must resync', () => {
  const { hints, lines, lost, fail } = scene(new Map());
  fail(new Error('message_too_big'));
  hints.announce([{ to: 'users', users: [1], event: touched(1) }], null);
  expect([lines, lost()]).toEqual([['A hint (commit) could not be published.'], 1]);
});

const everyone = (count: number): ReadonlyMap<number, readonly Period[]> =>
  new Map(Array.from({ length: count }, (_, index) => [index + 1, [open(1)]]));
const typing: TypingEvent = { event: 'typing', conversation: 7, user: 1, typing: true };
const receiptOf = (user: number): ReceiptEvent => ({
  event: 'receipt',
  epoch: 'e',
  conversation: 7,
  membersAt: 9,
  receipt: { user, from: 1, delivered: 9, deliveredAt: 0, shown: 9, shownAt: 0 },
});

test('[CH-17.2] [CH-17.5] a message to 5,000 members, typing and receipts each take one message to the other nodes', async () => {
  const { hints, published, brokered, answer } = scene(everyone(5_000), 10, 5_000);
  const notice = toMembers(touched(5));
  hints.announce([notice], null);
  hints.typing(typing, { epoch: 'e', membersAt: 0 });
  hints.announce(
    [1, 2].map((user) => ({ to: 'watchers', conversation: 7, event: receiptOf(user) })),
    null,
  );
  hints.flushReceipts();
  for (let times = 0; times < 4; times += 1) await answer();
  expect(brokered).toEqual([
    { about: 'commit', notice },
    { about: 'typing', typing, at: { epoch: 'e', membersAt: 0 } },
    { about: 'receipts', receipts: [receiptOf(1), receiptOf(2)] },
  ]);
  expect(published).toHaveLength(5_000 + 4_999 + 2 * 5_000);
});

test("after the store's epoch changed, typing reads the members once and not each time", async () => {
  let reads = 0;
  const { hints, published, answer } = scene(everyone(3), 10, 3, () => {
    reads += 1;
    return 'f';
  });
  for (let times = 0; times < 3; times += 1) {
    hints.typing(typing, { epoch: 'f', membersAt: 9 });
    await answer();
    await answer();
  }
  expect([reads, published.length]).toEqual([1, 6]);
});

test('[CH-17.2] a hint from another node goes to the users of this one, and not back to any node', async () => {
  const node = scene(everyone(3));
  node.hints.receive({ about: 'commit', notice: toMembers(touched(5)) });
  node.hints.receive({ about: 'typing', typing, at: { epoch: 'e', membersAt: 0 } });
  node.hints.receive({ about: 'receipts', receipts: [receiptOf(2)] });
  for (let times = 0; times < 4; times += 1) await node.answer();
  expect(node.published.map((line) => line.split(' ')[0])).toEqual([
    ...['user:1', 'user:2', 'user:3'],
    ...['watch:7:2', 'watch:7:3'],
    ...['watch:7:1', 'watch:7:2', 'watch:7:3'],
  ]);
  expect(node.brokered).toEqual([]);
});

test('fan-out is reported by the user who caused it, counting only receivers who are online', async () => {
  const { hints, answer, fannedOut, published } = scene(
    new Map([1, 2].map((user) => [user, [open(user === 1 ? 1 : 6)]])),
  );
  const event = touched(1);
  hints.announce([{ to: 'users', users: [1, 2, 3, 40, 41], event }], 2);
  const bytes = Buffer.byteLength(JSON.stringify(event));
  expect([fannedOut, published.length]).toEqual([[[2, 5, 3 * bytes]], 5]);
  hints.announce([toMembers(touched(5))], 3);
  await answer();
  // The row goes to one member, the heads alone to the other.
  expect(fannedOut.slice(1).map((report) => (report as number[]).slice(0, 2))).toEqual([
    [3, 0],
    [3, 0],
  ]);
  hints.announce([{ to: 'users', users: [1], event }], null);
  expect(fannedOut).toHaveLength(3);
});
