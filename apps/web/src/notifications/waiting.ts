import type { ConversationEntry } from '@everywire/chat-client';
import { badgeOf } from '../conversations/badge.js';

/** The unread messages of a conversation under each notification rule, including replies in followed threads. */
export interface UnreadByRule {
  readonly all: number;
  readonly mentions: number;
}

/** Returns the unread messages of a conversation under each notification rule. */
export function unreadByRule(entry: ConversationEntry): UnreadByRule {
  const { unread, threadsUnread, mentions, threads } = entry;
  const inThreads = threads.reduce((sum, thread) => sum + thread.mentions, 0);
  // `mentions` includes messages read on this device until the server has processed that.
  return { all: unread + threadsUnread, mentions: Math.min(mentions, unread) + inThreads };
}

/**
 * Returns how many unread messages of a conversation notify under its rule; 0 if it is muted, archived or left. `now` is in milliseconds
 * since the epoch.
 */
export function notifyingCount(entry: ConversationEntry, now: number): number {
  if (entry.notify === 'none' || !entry.member || badgeOf(entry, now).quiet) return 0;
  return unreadByRule(entry)[entry.notify];
}
