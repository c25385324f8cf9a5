import type { ConversationEntry } from '@everywire/chat-client';
import { useEffect } from 'react';

/** "(5) Name – Everywire": how many messages wait, then where one is. */
export function usePageTitle(conversations: readonly ConversationEntry[], open: ConversationEntry | null): void {
  const unread = conversations.reduce((sum, entry) => sum + entry.unread, 0);
  const title = open?.title ?? null;
  useEffect(() => {
    const place = title === null ? 'Everywire' : `${title} – Everywire`;
    document.title = unread === 0 ? place : `(${unread}) ${place}`;
  }, [unread, title]);
}
