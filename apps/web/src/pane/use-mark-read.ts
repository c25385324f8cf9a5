import type { Timeline } from '@everywire/chat-client';
import { useEffect } from 'react';

/** Tells the timeline that the end was seen: only while the page is in front and the end is in view. */
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
