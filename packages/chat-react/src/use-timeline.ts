import type { Timeline, TimelineSnapshot } from '@everywire/chat-client';
import { useCallback, useEffect, useState, useSyncExternalStore } from 'react';
import { useClient } from './client-context.js';

/** The open timeline of a conversation; closed when another opens or the component goes. `null` for the moment before it is there. */
export function useOpenTimeline(conversation: number): Timeline | null {
  const client = useClient();
  const open = useCallback(() => client.openTimeline(conversation), [client, conversation]);
  return useOpened(open);
}

/** One thread of a conversation, by the sequence of its root; as `useOpenTimeline`. */
export function useOpenThread(conversation: number, root: number): Timeline | null {
  const client = useClient();
  const open = useCallback(() => client.openThread(conversation, root), [client, conversation, root]);
  return useOpened(open);
}

function useOpened(open: () => Timeline): Timeline | null {
  const [timeline, setTimeline] = useState<Timeline | null>(null);
  useEffect(() => {
    const opened = open();
    setTimeline(opened);
    return () => {
      setTimeline(null);
      opened.close();
    };
  }, [open]);
  return timeline;
}

/** The rows of an open timeline, who is typing, where the unread ones begin. Draws anew when something of it changes. */
export function useTimelineSnapshot(timeline: Timeline): TimelineSnapshot {
  const subscribe = useCallback((listener: () => void) => timeline.subscribe(listener), [timeline]);
  const getSnapshot = useCallback(() => timeline.getSnapshot(), [timeline]);
  return useSyncExternalStore(subscribe, getSnapshot, getSnapshot);
}
