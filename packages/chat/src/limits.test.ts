import { describe, expect, it } from 'vitest';
import { channelSettings } from './group-settings.js';
import { type ChatLimits, chatLimits } from './limits.js';
import type { Conversation, Invite } from './model.js';
import { planCommand } from './plan-command.js';
import type { Rows } from './store.js';
import { context, group, memberOf, members, rowsOf } from './test-rows.js';
import type { KeyedCommand } from './wire.js';

// Tests that each limit permits exactly as many as it says, and not one more, where the command is decided.

type Unkeyed = KeyedCommand extends infer Each ? (Each extends KeyedCommand ? Omit<Each, 'id'> : never) : never;

const secretHash = 's'.repeat(64);
const users = (count: number): number[] => Array.from({ length: count }, (_, index) => 101 + index);
const channel: Conversation = { ...group, kind: 'channel', settings: channelSettings, large: true };
const inviteOf = (changed: Partial<Invite> = {}): Invite => ({
  conversation: 7,
  id: 'd'.repeat(16),
  hash: secretHash,
  creator: 1,
  createdAt: 0,
  expiresAt: null,
  usesMax: null,
  uses: 0,
  ...changed,
});

function decide(command: Unkeyed, rows: Rows, actor = 1) {
  const plan = planCommand({ ...command, id: 'c'.repeat(32) } as KeyedCommand, {
    ...context,
    actor,
    secretHash,
    files: [],
  });
  return plan.outcome === 'refused' ? plan : plan.decide(rows);
}

function codeOf(...asked: Parameters<typeof decide>): string {
  const decision = decide(...asked);
  return decision.outcome === 'refused' ? decision.code : decision.outcome;
}

/** Returns a conversation of `count` members, with the rows that the command needs. */
const holding = (conversation: Conversation, count: number): Rows =>
  rowsOf({ ...conversation, memberCount: count }, members);
const add = { command: 'add', conversation: 7, users: [101] } as const;
const join = { command: 'join', conversation: 7, secret: 'x' } as const;
const createInvite = { command: 'createInvite', conversation: 7, secret: 'x', expiresAt: null, usesMax: null } as const;
const files = users(chatLimits.filesMax + 1).map(String);

/** The outcome of the command that makes the number `count`. */
const counted: readonly [keyof ChatLimits, string, (count: number) => string][] = [
  [
    ...(['groupMembersMax', 'members of a new group'] as const),
    (count) => codeOf({ command: 'createGroup', name: 'x', users: users(count - 1) }, rowsOf(null, [])),
  ],
  ['groupMembersMax', 'members of a group', (count) => codeOf(add, holding(group, count - 1))],
  ['channelMembersMax', 'members of a channel', (count) => codeOf(add, holding(channel, count - 1))],
  [
    ...(['channelMembersMax', 'members of a channel, by an invitation'] as const),
    (count) => codeOf(join, { ...holding(channel, count - 1), invites: [inviteOf()] }, 101),
  ],
  [
    ...(['largeConversationsMax', 'channels, with a new one'] as const),
    (count) =>
      codeOf(
        { command: 'createChannel', name: 'x', join: 'invited' },
        { ...rowsOf(null, []), largeCounts: new Map([[1, count - 1]]) },
      ),
  ],
  [
    ...(['largeConversationsMax', 'large groups, with one joined'] as const),
    (count) =>
      codeOf(
        join,
        { ...rowsOf(channel, members), invites: [inviteOf()], largeCounts: new Map([[101, count - 1]]) },
        101,
      ),
  ],
  [
    ...(['invitesMax', 'invitations'] as const),
    (count) =>
      codeOf(createInvite, {
        ...rowsOf(group, members),
        invites: users(count - 1).map((id) => inviteOf({ id: `${id}` })),
      }),
  ],
  [
    ...(['blockedUsersMax', 'people who are blocked'] as const),
    (count) => codeOf({ command: 'block', user: 2, blocked: true }, { ...rowsOf(null, []), blockCount: count - 1 }),
  ],
  [
    ...(['mentionsMax', 'people who are called'] as const),
    (count) =>
      codeOf(
        { command: 'send', conversation: 7, text: 'x', mentions: { users: users(count), all: false } },
        rowsOf(group, members),
      ),
  ],
  [
    ...(['filesMax', 'files of a message'] as const),
    (count) =>
      codeOf({ command: 'send', conversation: 7, text: 'x', files: files.slice(0, count) }, rowsOf(group, members)),
  ],
];

describe('limits', () => {
  it.each(counted)('[CH-13.3] %s bounds the number of %s exactly', (limit, _what, attempt) => {
    const most = chatLimits[limit];
    expect([attempt(most), attempt(most + 1)]).toEqual(['accepted', 'too_many']);
  });

  it('[CH-29.2] an expired or used-up invitation does not count against the limit, and is removed when one is created', () => {
    const over = [inviteOf({ id: 'late', expiresAt: context.now }), inviteOf({ id: 'used', usesMax: 1, uses: 1 })];
    const good = users(chatLimits.invitesMax - 1).map((id) => inviteOf({ id: `${id}` }));
    expect(decide(createInvite, { ...rowsOf(group, members), invites: [...good, ...over] })).toMatchObject({
      changes: { invites: { drop: ['late', 'used'] } },
    });
  });

  it('[CH-29.2] an invitation is valid until the millisecond it expires at, and for as many uses as it permits', () => {
    const joinBy = (invite: Partial<Invite>): string =>
      codeOf(join, { ...rowsOf(group, members), invites: [inviteOf(invite)] }, 101);
    expect([joinBy({ expiresAt: context.now + 1 }), joinBy({ expiresAt: context.now })]).toEqual([
      'accepted',
      'invite_ended',
    ]);
    expect([joinBy({ usesMax: 3, uses: 2 }), joinBy({ usesMax: 3, uses: 3 })]).toEqual(['accepted', 'invite_ended']);
  });

  it('[CH-13.5] [CH-13.6] a group is small with smallMembersMax members, large with one more, and stays large', () => {
    const { smallMembersMax: most } = chatLimits;
    const largeWith = (count: number): unknown => {
      const decision = decide(add, { ...holding(group, count - 1), largeCounts: new Map([[101, 0]]) });
      return decision.outcome === 'accepted' ? decision.changes?.conversation?.large : decision.code;
    };
    expect([largeWith(most), largeWith(most + 1)]).toEqual([false, true]);
    const left = decide({ command: 'leave', conversation: 7 }, holding({ ...group, large: true }, most + 1), 2);
    expect(left).toMatchObject({ changes: { conversation: { memberCount: most, large: true } } });
  });

  it('[CH-13.4] a group that becomes large keeps all members, however many large ones they are in', () => {
    const { smallMembersMax, largeConversationsMax } = chatLimits;
    const largeCounts = new Map([1, 2, 3, 101].map((user) => [user, largeConversationsMax]));
    const decision = decide(add, { ...holding(group, smallMembersMax), largeCounts });
    expect(decision).toMatchObject({ changes: { conversation: { large: true } } });
  });

  it('a returning member keeps the newest periodsMax stays', () => {
    const { periodsMax: most } = chatLimits;
    const stays = (count: number) =>
      Array.from({ length: count }, (_, index) => ({ from: index + 1, to: index + 1, toModification: 0 }));
    const long = { ...group, sequence: 100 };
    const kept = (count: number): unknown => {
      const former = memberOf(long, 101, { periods: stays(count - 1), ended: { how: 'left', name: 'x' } });
      const decision = decide(add, rowsOf(long, [...members, former]));
      if (decision.outcome !== 'accepted') return decision.code;
      const periods = decision.changes?.members[0]?.periods ?? [];
      return [periods.length, periods[0]?.from];
    };
    expect([kept(most), kept(most + 1)]).toEqual([
      [most, 1],
      [most, 2],
    ]);
  });
});
