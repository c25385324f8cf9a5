import type { ConversationId, Member, MembersAnswer, PeriodsView, ReadersAnswer, UserId } from '@everywire/chat';
import { hasMet, isMemberOf, isOpen, isVisible, openPeriod } from '@everywire/chat/internal';
import { choicesOf } from './memory-privacy.js';
import { notMember, openFor } from './memory-reads.js';
import type { MemoryConversation, MemoryState } from './memory-tables.js';

/** Returns a page of the current members, in the order of their ids. */
export function readMembers(
  state: MemoryState,
  {
    user,
    conversation,
    after,
    limit,
  }: {
    readonly user: UserId;
    readonly conversation: ConversationId;
    readonly after: UserId | null;
    readonly limit: number;
  },
): MembersAnswer {
  const opened = openFor(state, user, conversation);
  if (opened === null) return notMember(state);
  const left = openRows(opened.table).filter((member) => after === null || member.user > after);
  return {
    outcome: 'members',
    epoch: state.epoch,
    membersAt: opened.table.conversation.membersAt,
    members: left.slice(0, limit).map((member) => ({ user: member.user, role: member.role })),
    more: left.length > limit,
  };
}

function openRows(table: MemoryConversation): readonly Member[] {
  return [...table.members.values()]
    .map((row) => row.member)
    .filter(isOpen)
    .sort((a, b) => a.user - b.user);
}

/** Returns when users were members of a conversation. Omits users who never were. */
export function readPeriods(
  { epoch, tables }: MemoryState,
  conversation: ConversationId,
  users: readonly UserId[],
): PeriodsView {
  const table = tables.conversations.get(conversation);
  const periods: PeriodsView['periods'] = new Map(
    users.flatMap((user) => {
      const member = table?.members.get(user)?.member;
      return member === undefined ? [] : [[user, member.periods] as const];
    }),
  );
  return { epoch, membersAt: table?.conversation.membersAt ?? 0, periods };
}

/**
 * Returns those of the others whom the user may know: the user, blocked people, and people met in a common
 * conversation.
 */
export function readAcquaintances(
  { tables }: MemoryState,
  user: UserId,
  others: readonly UserId[],
): ReadonlySet<UserId> {
  const { blocked } = choicesOf(tables, user);
  const known = new Set(others.filter((other) => other === user || blocked.has(other)));
  for (const { conversation, members } of tables.conversations.values()) {
    const member = members.get(user)?.member;
    if (member === undefined || !isMemberOf(conversation, member)) continue;
    for (const other of others) {
      const met = members.get(other)?.member;
      if (met !== undefined && hasMet(member, met)) known.add(other);
    }
  }
  return known;
}

/**
 * Returns how far each member has read. In a large conversation, returns only how many members have read the user's
 * own message `sequence`.
 */
export function readReaders(
  state: MemoryState,
  user: UserId,
  conversation: ConversationId,
  sequence: number,
): ReadersAnswer {
  const { epoch } = state;
  const opened = openFor(state, user, conversation);
  if (opened === null) return notMember(state);
  const { table, member } = opened;
  if (!table.conversation.large) {
    const receipts = openRows(table).map((row) => ({
      user: row.user,
      shown: row.shown,
      shownAt: row.shownAt,
      delivered: row.delivered,
      deliveredAt: row.deliveredAt,
      from: openPeriod(row)?.from ?? 0,
    }));
    return { outcome: 'receipts', epoch, membersAt: table.conversation.membersAt, receipts };
  }
  if (!isVisible(member, sequence) || table.messages[sequence - 1]?.sender !== user)
    return { outcome: 'not_found', epoch };
  const readers = openRows(table).filter(
    (row) => row.user !== user && row.shown >= sequence && (openPeriod(row)?.from ?? 0) <= sequence,
  );
  return { outcome: 'count', epoch, count: readers.length };
}
