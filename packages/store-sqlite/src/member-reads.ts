import type { ChatLimits, Period, Store, UserId } from '@everywire/chat';
import { isVisible } from '@everywire/chat/internal';
import { findOpenMember } from './log-reads.js';
import type { Tables } from './tables.js';

type MemberReads = {
  readonly [Method in 'members' | 'periods' | 'readers' | 'largeConversations']: (
    ...question: Parameters<Store[Method]>
  ) => Awaited<ReturnType<Store[Method]>>;
};

/** What the port answers about the people of a conversation. */
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
      const own = isVisible(member, sequence) && tables.messages.get(id, sequence)?.sender === user;
      if (!own) return { outcome: 'not_found', epoch };
      return { outcome: 'count', epoch, count: members.countReaders(id, user, sequence) };
    },

    largeConversations: (user) => members.largeConversations(user),
  };
}
