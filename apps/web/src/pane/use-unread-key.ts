import { useRef, useState } from 'react';

/**
 * Returns the message below the unread line while this conversation is open. A message that arrives while the user is looking at the end
 * was never unread, so the line marks only what was unread on opening or arrived while the page had no focus.
 */
export function useUnreadKey(firstUnread: string | null, unreadNow: number): string | null {
  const [unreadAtOpening] = useState(unreadNow > 0);
  const decided = useRef<{ readonly shown: boolean } | null>(null);
  if (firstUnread === null) return null;
  decided.current ??= { shown: unreadAtOpening || !document.hasFocus() };
  return decided.current.shown ? firstUnread : null;
}
