import type { ConversationEntry } from '@everywire/chat-client';
import { useEffect } from 'react';
import { waitingCount } from '../conversations/badge.js';
import { useNow } from '../i18n/use-now.js';

/** Sets the page title to "(5) Name – Everywire": the number of unread messages, then the open conversation. */
export function usePageTitle(conversations: readonly ConversationEntry[], open: ConversationEntry | null): void {
  const unread = waitingCount(conversations, useNow(60_000));
  const title = open?.title ?? null;
  useEffect(() => {
    const place = title === null ? 'Everywire' : `${title} – Everywire`;
    document.title = unread === 0 ? place : `(${unread}) ${place}`;
  }, [unread, title]);
}
