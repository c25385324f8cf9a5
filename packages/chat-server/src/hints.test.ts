import type { CommitEvent, Notice, Period, PeriodsView } from '@everywire/chat';
import type { WireSession } from '@everywire/server';
import { expect, test } from 'vitest';
import { Hints } from './hints.js';
import { LargeMembers } from './large-members.js';
import { LiveSessions } from './live-sessions.js';
import { MemberViews } from './member-views.js';

interface Scene {
  readonly hints: Hints;
  /** `topic class text` of everything that was published. */
  readonly published: string[];
  readonly lines: string[];
  /** Lets the reads go on that are started by now. */
  readonly answer: () => Promise<void>;
  /** Publishing throws from now on. */
  readonly fail: (error: Error) => void;
}

/** A node with people 1 to 3 online in conversation 7, whose stays are given; a read of them waits until it is answered. */
function scene(stays: ReadonlyMap<number, readonly Period[]>, waitingMax = 10): Scene {
  const sessions = new LiveSessions(10);
  for (const user of [1, 2, 3]) sessions.add({} as WireSession, user, 'c');
  const waiting: (() => void)[] = [];
  const periods = async (_conversation: number, users: readonly number[]): Promise<PeriodsView> => {
    await new Promise<void>((resolve) => waiting.push(resolve));
    const view = new Map([...stays].filter(([user]) => users.includes(user)));
    return { epoch: 'e', membersAt: 9, periods: view };
  };
  let failure: Error | null = null;
  const fail = (error: Error): void => {
    failure = error;
  };
  const published: string[] = [];
  const lines: string[] = [];
  const note = (line: string): void => {
    lines.push(line);
  };
  const hints = new Hints({
    publish: (topic, text, topicClass) => {
      if (failure !== null) throw failure;
      published.push(`${topic} ${topicClass} ${text}`);
    },
    sessions,
    views: new MemberViews({ periods }, { conversationsMax: 10, chunkUsers: 10 }),
    largeMembers: new LargeMembers(sessions),
    log: { debug: note, info: note, warn: note, error: note },
    epoch: 'e',
    waitingMax,
  });
  const answer = async (): Promise<void> => {
    await new Promise((resolve) => setImmediate(resolve));
    for (const resolve of waiting.splice(0)) resolve();
    await new Promise((resolve) => setImmediate(resolve));
  };
  return { hints, published, lines, answer, fail };
}

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

const open = (from: number): Period => ({ from, to: null, toModification: null });
const toMembers = (event: CommitEvent): Notice => ({ to: 'members', conversation: event.conversation, event });

test('[CH-17] a touched row of a large conversation goes to those whose stay holds it, to the others the heads alone', async () => {
  const stays = new Map([
    [1, [open(1)]],
    [2, [open(6)]],
  ]);
  const { hints, published, answer } = scene(stays);
  hints.tell([toMembers(touched(5))]);
  await answer();
  expect(published.map((line) => [line.split(' ')[0], line.includes('row 5'), line.includes('"row":null')])).toEqual([
    ['user:1', true, false],
    ['user:2', false, true],
  ]);
});

test('hints of one conversation keep their order while a view is read; those of another do not wait', async () => {
  const { hints, published, answer } = scene(new Map([[1, [open(1)]]]));
  hints.tell([toMembers(touched(5)), toMembers(touched(6))]);
  hints.tell([{ to: 'users', users: [3], event: touched(1, 8) }]);
  expect(published.map((line) => line.split(' ')[0])).toEqual(['user:3']);
  await answer();
  expect(published.slice(1).map((line) => /row \d/.exec(line)?.[0])).toEqual(['row 5', 'row 6']);
});

test('a bounded number of hints waits; those beyond are dropped, and it is said', async () => {
  const { hints, published, lines, answer } = scene(new Map([[1, [open(1)]]]), 2);
  hints.tell([5, 6, 7].map((sequence) => toMembers(touched(sequence))));
  await answer();
  expect(published).toHaveLength(2);
  expect(lines).toEqual(['Hints of conversation 7 were dropped: too many wait.']);
});

test('a hint that cannot be published is logged and thrown at nobody', () => {
  const { hints, lines, fail } = scene(new Map());
  fail(new Error('message_too_big'));
  hints.tell([{ to: 'users', users: [1], event: touched(1) }]);
  expect(lines).toEqual(['A hint (commit) was not published.']);
});
