import type { ConversationEntry } from '@everywire/chat-client';

/** How a conversation calls for attention in the list. */
export interface Badge {
  readonly unread: number;
  /** Muted or in the archive: counted, but nobody is called by it. */
  readonly quiet: boolean;
  /** Somebody means this person, quiet or not. */
  readonly called: boolean;
  /** Unread in threads that are followed; beside `unread`, never in it. */
  readonly inThreads: number;
  /** Marked by hand, with nothing unread. */
  readonly marked: boolean;
}

type Attended = Pick<ConversationEntry, 'unread' | 'threadsUnread' | 'mentions' | 'marked' | 'mutedUntil' | 'place'>;

/** `now`: milliseconds since the epoch. */
export function isMuted({ mutedUntil }: Pick<ConversationEntry, 'mutedUntil'>, now: number): boolean {
  return mutedUntil > now;
}

export function badgeOf(entry: Attended, now: number): Badge {
  const { unread, threadsUnread, mentions, marked, place } = entry;
  const quiet = isMuted(entry, now) || place === 'archived';
  return { unread, inThreads: threadsUnread, quiet, called: mentions > 0, marked: marked && unread === 0 };
}

/** What the window's title counts: messages of what is not quiet, one for what was marked by hand, and calls everywhere. */
export function waitingCount(entries: readonly Attended[], now: number): number {
  return entries.reduce((sum, entry) => {
    const { unread, quiet, marked } = badgeOf(entry, now);
    return sum + (quiet ? Math.min(entry.mentions, unread) : unread + (marked ? 1 : 0));
  }, 0);
}
