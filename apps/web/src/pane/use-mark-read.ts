import type { Timeline } from '@everywire/chat-client';
import { useEffect, useRef } from 'react';

/** The pause between two reports while the user scrolls, in milliseconds. */
const REPORT_EVERY_MS = 300;

/**
 * Marks what is in view as read while the page has the focus: the messages up to the sequence `seen`, `Infinity` at the end; `null` before
 * anything is in view.
 */
export function useMarkRead(timeline: Timeline, lastKey: string | undefined, seen: number | null): void {
  const reportedAt = useRef(Number.NEGATIVE_INFINITY);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new last message must be marked too
  useEffect(() => {
    if (seen === null) return;
    const look = () => {
      if (document.visibilityState !== 'visible' || !document.hasFocus()) return;
      reportedAt.current = performance.now();
      timeline.markRead(seen);
    };
    const timer = setTimeout(look, Math.max(0, reportedAt.current + REPORT_EVERY_MS - performance.now()));
    window.addEventListener('focus', look);
    document.addEventListener('visibilitychange', look);
    return () => {
      clearTimeout(timer);
      window.removeEventListener('focus', look);
      document.removeEventListener('visibilitychange', look);
    };
  }, [timeline, lastKey, seen]);
}
