import type { ConversationEntry } from '@everywire/chat-client';
import { badgeOf } from '../conversations/badge.js';

/** Unread messages of a conversation, under each rule that notifies of any; replies in followed threads included. */
export interface UnreadByRule {
  readonly all: number;
  readonly mentions: number;
}

export function unreadByRule(entry: ConversationEntry): UnreadByRule {
  const { unread, threadsUnread, mentions, threads } = entry;
  const inThreads = threads.reduce((sum, thread) => sum + thread.mentions, 0);
  // What was read on this device stays in `mentions` until the server has heard of it.
  return { all: unread + threadsUnread, mentions: Math.min(mentions, unread) + inThreads };
}

/** How many unread messages of a conversation its rule notifies of; 0 for one that is muted, archived or left. `now`: milliseconds since the epoch. */
export function waitingIn(entry: ConversationEntry, now: number): number {
  if (entry.notify === 'none' || !entry.member || badgeOf(entry, now).quiet) return 0;
  return unreadByRule(entry)[entry.notify];
}
