import type { ChatLimits, Period, Store, UserId } from '@everywire/chat';
import { hasMet, isMemberOf, isVisible } from '@everywire/chat/internal';
import { findOpenMember } from './log-reads.js';
import type { Tables } from './tables.js';

type MemberReads = {
  readonly [Method in 'members' | 'periods' | 'readers' | 'largeConversations' | 'acquaintances']: (
    ...question: Parameters<Store[Method]>
  ) => Awaited<ReturnType<Store[Method]>>;
};

/** Creates the reads of the port about members. */
export function createMemberReads(tables: Tables, limits: ChatLimits): MemberReads {
  const { epoch, members } = tables;
  return {
    members: (user, id, after, limit) => {
      const asking = findOpenMember(tables, user, id);
      if (asking === null) return { outcome: 'not_member', epoch };
      const size = Math.min(limit, limits.membersPageMax);
      const page = members.openPage(id, after ?? 0, size + 1);
      const { membersAt } = asking.conversation;
      return { outcome: 'members', epoch, membersAt, members: page.slice(0, size), more: page.length > size };
    },

    periods: (id, users) => {
      const periods = new Map<UserId, readonly Period[]>();
      for (const user of users) {
        const member = members.get(id, user);
        if (member !== null) periods.set(user, member.periods);
      }
      return { epoch, membersAt: tables.conversations.get(id)?.membersAt ?? 0, periods };
    },

    readers: (user, id, sequence) => {
      const asking = findOpenMember(tables, user, id);
      if (asking === null) return { outcome: 'not_member', epoch };
      const { conversation, member } = asking;
      if (!conversation.large) {
        const receipts = members.receipts(id, limits.smallMembersMax);
        return { outcome: 'receipts', epoch, membersAt: conversation.membersAt, receipts };
      }
      const mayBeSeen = sequence >= 1 && sequence <= conversation.sequence && isVisible(member, sequence);
      const own = mayBeSeen && tables.log.find(id, sequence)?.sender === user;
      if (!own) return { outcome: 'not_found', epoch };
      return { outcome: 'count', epoch, count: members.countReaders(id, user, sequence) };
    },

    largeConversations: (user) => members.largeConversations(user),

    acquaintances: (user, others) => findAcquaintances(tables, user, others),
  };
}

/** Returns which of `others` share a conversation with the user, by one seek per conversation and unknown user. */
function findAcquaintances(tables: Tables, user: UserId, others: readonly UserId[]): ReadonlySet<UserId> {
  const { conversations, members, privacy, listOrder } = tables;
  const known = new Set(others.filter((other) => other === user || privacy.blocks(user, other)));
  const unknown = new Set(others.filter((other) => !known.has(other)));
  for (const { conversation: id } of listOrder.everything(user)) {
    if (unknown.size === 0) break;
    const conversation = conversations.get(id);
    const member = members.get(id, user);
    if (conversation === null || member === null || !isMemberOf(conversation, member)) continue;
    for (const other of unknown) {
      const row = members.get(id, other);
      if (row !== null && hasMet(member, row)) known.add(other);
    }
    for (const other of known) unknown.delete(other);
  }
  return known;
}
