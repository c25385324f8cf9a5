import type { Timeline, TimelineSnapshot } from '@everywire/chat-client';
import { useCallback, useEffect, useState, useSyncExternalStore } from 'react';
import { useClient } from './client-context.js';

/**
 * Opens the timeline of a conversation. Closes it when the conversation changes or the component unmounts. Returns
 * `null` until the timeline is open.
 */
export function useOpenTimeline(conversation: number): Timeline | null {
  const client = useClient();
  const open = useCallback(() => client.openTimeline(conversation), [client, conversation]);
  return useOpened(open);
}

/** Opens one thread of a conversation by the sequence of its root. Otherwise like `useOpenTimeline`. */
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

/** Returns the snapshot of an open timeline. Renders again when it changes. */
export function useTimelineSnapshot(timeline: Timeline): TimelineSnapshot {
  const subscribe = useCallback((listener: () => void) => timeline.subscribe(listener), [timeline]);
  const getSnapshot = useCallback(() => timeline.getSnapshot(), [timeline]);
  return useSyncExternalStore(subscribe, getSnapshot, getSnapshot);
}
