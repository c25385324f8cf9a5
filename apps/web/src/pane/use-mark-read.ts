import type { Timeline } from '@everywire/chat-client';
import { useEffect } from 'react';

/** Marks the timeline as read while its end is in view and the page has the focus. */
export function useMarkRead(timeline: Timeline, lastKey: string | undefined, atEnd: boolean): void {
  useEffect(() => {
    if (!atEnd || lastKey === undefined) return;
    const look = () => {
      if (document.visibilityState === 'visible' && document.hasFocus()) timeline.markRead();
    };
    look();
    window.addEventListener('focus', look);
    document.addEventListener('visibilitychange', look);
    return () => {
      window.removeEventListener('focus', look);
      document.removeEventListener('visibilitychange', look);
    };
  }, [timeline, lastKey, atEnd]);
}
