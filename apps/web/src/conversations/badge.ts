import type { ConversationEntry } from '@everywire/chat-client';

/** How a conversation in the list signals unread messages. */
export interface Badge {
  readonly unread: number;
  /** Muted or archived: unread messages are counted, but do not notify. */
  readonly quiet: boolean;
  /** The user is mentioned, in a quiet conversation too. */
  readonly mentioned: boolean;
  /** Unread messages in followed threads. Not included in `unread`. */
  readonly inThreads: number;
  /** Marked as unread by the user, with no unread messages. */
  readonly marked: boolean;
}

type Attended = Pick<ConversationEntry, 'unread' | 'threadsUnread' | 'mentions' | 'marked' | 'mutedUntil' | 'place'>;

/** Returns whether the conversation is muted at `now`, in milliseconds since the epoch. */
export function isMuted({ mutedUntil }: Pick<ConversationEntry, 'mutedUntil'>, now: number): boolean {
  return mutedUntil > now;
}

/** Returns the badge of a conversation at `now`, in milliseconds since the epoch. */
export function badgeOf(entry: Attended, now: number): Badge {
  const { unread, threadsUnread, mentions, marked, place } = entry;
  const quiet = isMuted(entry, now) || place === 'archived';
  return { unread, inThreads: threadsUnread, quiet, mentioned: mentions > 0, marked: marked && unread === 0 };
}

/**
 * Returns the count for the page title: unread messages of conversations that are not quiet, one for each marked as unread, and mentions in
 * quiet ones.
 */
export function waitingCount(entries: readonly Attended[], now: number): number {
  return entries.reduce((sum, entry) => {
    const { unread, quiet, marked } = badgeOf(entry, now);
    return sum + (quiet ? Math.min(entry.mentions, unread) : unread + (marked ? 1 : 0));
  }, 0);
}
