import { type ConversationId, type Entry, groupSettings, type UserId } from '@everywire/chat';

/**
 * Returns the id of a provisional conversation: a direct conversation that exists only on this device, until its first message
 * creates it. The id is the peer's user id, negated, so that drafts and waiting messages can refer to it.
 */
export function provisionalOf(peer: UserId): ConversationId {
  return -peer;
}

/** Returns whether an id is that of a provisional conversation. */
export function isProvisional(conversation: ConversationId): boolean {
  return conversation < 0;
}

/** Returns the peer of a provisional conversation. */
export function peerOf(conversation: ConversationId): UserId {
  return -conversation;
}

/**
 * Returns a list entry for a provisional conversation. `activity`: when its newest message was written on this device,
 * in milliseconds since the epoch; 0 if it has none.
 */
export function provisionalEntry(conversation: ConversationId, activity: number): Entry {
  return {
    conversation,
    kind: 'direct',
    revision: 0,
    member: true,
    peer: { user: peerOf(conversation), shown: 0, shownAt: 0, delivered: 0, deliveredAt: 0 },
    ended: null,
    preview: null,
    draft: { text: '', revision: 0 },
    role: 'member',
    name: '',
    picture: null,
    settings: groupSettings,
    membersAt: 0,
    memberCount: 2,
    large: false,
    activity,
    sequence: 0,
    modification: 0,
    count: 0,
    sent: 0,
    read: 0,
    readOrdinal: 0,
    readSent: 0,
    hidden: 0,
    unread: 0,
    mentions: 0,
    mentionAt: null,
    threads: [],
    threadsUnread: 0,
    pinsAt: 0,
    hiddenAt: 0,
    cleared: 0,
    mark: false,
    place: 'normal',
    mute: 0,
    blocked: false,
    dismissed: false,
    notify: 'all',
  };
}
