import { useRef, useState } from 'react';

/**
 * Where the unread line stands while this conversation is open. A message that comes while one is looking at its end was never unread,
 * so the line is for what was unread when the conversation was opened, or came while the page was not in front.
 */
export function useUnreadKey(firstUnread: string | null, unreadNow: number): string | null {
  const [unreadAtOpening] = useState(unreadNow > 0);
  const decided = useRef<{ readonly shown: boolean } | null>(null);
  if (firstUnread === null) return null;
  decided.current ??= { shown: unreadAtOpening || !document.hasFocus() };
  return decided.current.shown ? firstUnread : null;
}
