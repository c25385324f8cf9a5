import type { ChatLimits } from './limits.js';
import type { Conversation, Ended, Member, Role, UserId } from './model.js';
import { beginStay, endStay } from './stays.js';

/** Returns a row for a new member; `joinMember` opens its first period. */
export function newMember(conversation: Conversation, user: UserId, role: Role): Member {
  return {
    conversation: conversation.id,
    user,
    role,
    sent: 0,
    read: 0,
    readAt: 0,
    readOrdinal: 0,
    readSent: 0,
    shown: 0,
    shownAt: 0,
    delivered: 0,
    deliveredAt: 0,
    cleared: 0,
    hiddenAt: 0,
    mark: false,
    place: 'normal',
    mute: 0,
    notify: null,
    dismissed: null,
    draft: { text: '', revision: 0 },
    revision: 0,
    activity: conversation.activity,
    large: conversation.large,
    ended: null,
    periods: [],
  };
}

/**
 * Opens a period (a stay) at the conversation's last message, which reports that the member joins. Sets the read
 * position and the other positions just below this message. Messages before it therefore neither count as unread
 * (CH-19) nor as read in this stay (CH-23).
 */
export function joinMember(member: Member, conversation: Conversation, limits: ChatLimits): Member {
  const from = conversation.sequence;
  return {
    ...member,
    read: from - 1,
    readOrdinal: conversation.count,
    readSent: member.sent,
    shown: from - 1,
    delivered: from - 1,
    mark: false,
    place: 'normal',
    mute: 0,
    notify: null,
    dismissed: null,
    revision: member.revision + 1,
    activity: conversation.activity,
    large: conversation.large,
    ended: null,
    periods: beginStay(member.periods, from, limits.periodsMax),
  };
}

/**
 * Ends the open period at the conversation's last message, which the member still sees. The row stays as a stub, so
 * that the conversation remains in the former member's list (CH-3). `how`: left or removed.
 */
export function endMember(member: Member, conversation: Conversation, how: Ended['how']): Member {
  return {
    ...member,
    role: 'member',
    mark: false,
    revision: member.revision + 1,
    activity: conversation.activity,
    ended: { how, name: conversation.name },
    periods: endStay(member.periods, conversation),
  };
}

/**
 * Records that the conversation's last message changed the number of members by `by`: updates the count and `membersAt`
 * (the version of the member list), and makes the conversation large if needed (CH-13).
 */
export function changeMembership(conversation: Conversation, by: number, limits: ChatLimits): Conversation {
  const memberCount = conversation.memberCount + by;
  return {
    ...conversation,
    memberCount,
    membersAt: conversation.sequence,
    large: conversation.large || conversation.kind === 'channel' || memberCount > limits.smallMembersMax,
  };
}
