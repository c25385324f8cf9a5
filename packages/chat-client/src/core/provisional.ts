import { type ConversationId, type Entry, groupSettings, type UserId } from '@everywire/chat';

/**
 * A direct conversation that this device knows of no other way than that somebody wants to write in it: it is created together with its first
 * message. Its id is the other person's, negated, so that drafts and messages that wait can name it.
 */
export function provisionalOf(peer: UserId): ConversationId {
  return -peer;
}

export function isProvisional(conversation: ConversationId): boolean {
  return conversation < 0;
}

/** The other person of a provisional conversation. */
export function peerOf(conversation: ConversationId): UserId {
  return -conversation;
}

/** As an entry that the server never sent. `activity`: when its newest message was written here, 0 for none. */
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
    ...{ sequence: 0, modification: 0, count: 0, sent: 0, read: 0, readOrdinal: 0, readSent: 0, hidden: 0, unread: 0 },
    ...{ mentions: 0, mentionAt: null, threads: [], threadsUnread: 0, pinsAt: 0, hiddenAt: 0, cleared: 0 },
    mark: false,
    place: 'normal',
    mute: 0,
    blocked: false,
    dismissed: false,
    notify: 'all',
  };
}
