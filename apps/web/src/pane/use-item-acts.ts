import type { Timeline } from '@everywire/chat-client';
import { useMemo } from 'react';

/** What can be done with the items of a timeline. */
export interface ItemActs {
  readonly onRetry: (key: string) => void;
  readonly onEdit: (key: string) => void;
  readonly onDiscard: (key: string) => void;
  readonly onGapSeen: (key: string) => void;
}

/** The same object for as long as the timeline is open, so that no row is drawn anew for it. */
export function useItemActs(timeline: Timeline, onEdit: (text: string) => void): ItemActs {
  return useMemo(
    () => ({
      onRetry: (key) => timeline.retry(key),
      onEdit: (key) => onEdit(timeline.discard(key)),
      onDiscard: (key) => void timeline.discard(key),
      onGapSeen: (key) => timeline.fillGap(key),
    }),
    [timeline, onEdit],
  );
}
