import type { Timeline } from '@everywire/chat-client';
import { useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react';
import { clearMessageInRoute, useMessageInRoute } from '../app/route.js';
import type { ScrollMemory, ScrollPlace } from './scroll-memory.js';
import type { TimelineItem } from './timeline-items.js';

/** How long the message one was led to is marked, milliseconds. */
const markedMs = 2_000;

interface JumpInput {
  readonly conversation: number;
  /** The root of the thread that is shown; `null` for the conversation. */
  readonly root: number | null;
  readonly timeline: Timeline;
  readonly items: readonly TimelineItem[];
  readonly memory: ScrollMemory;
  readonly atEnd: boolean;
  readonly toRow: (key: string) => void;
  readonly focusRow: (key: string) => void;
  /** `null` as it is looked for; a code where it is not to be had. */
  readonly reportFailure: (code: string | null) => void;
  /** It is a reply, and shown in its thread. */
  readonly onThread: (root: number, sequence: number) => void;
}

interface Jump {
  /** The message one was led to just now. */
  readonly markedKey: string | null;
  /** Where one was before; `null` where there is nothing to go back to. */
  readonly returnTo: ScrollPlace | null;
  readonly forget: () => void;
}

/** Follows what the address asks for: fetches what is around the message, goes there, marks it, and remembers where one was. */
export function useJump(input: JumpInput): Jump {
  const { conversation, root, timeline, items, memory, atEnd, toRow, focusRow, reportFailure, onThread } = input;
  const target = useMessageInRoute(conversation, root);
  const [wanted, setWanted] = useState<string | null>(null);
  const [markedKey, setMarkedKey] = useState<string | null>(null);
  const [returnTo, setReturnTo] = useState<ScrollPlace | null>(null);
  /** Counts what was asked for: only the last of it is gone to, and nothing once the conversation is left. */
  const asked = useRef(0);
  useEffect(
    () => () => {
      asked.current += 1;
    },
    [],
  );
  useEffect(() => {
    if (target === null) return;
    const turn = ++asked.current;
    const place = memory.read(conversation);
    reportFailure(null);
    clearMessageInRoute();
    void timeline.locate(target).then((located) => {
      if (turn !== asked.current) return;
      if (located === null) reportFailure('message_gone');
      else if (located.thread !== null) onThread(located.thread, target);
      else {
        setReturnTo(place);
        setWanted(located.key);
      }
    });
  }, [target, conversation, timeline, memory, reportFailure, onThread]);

  const there = wanted !== null && items.some((item) => item.key === wanted);
  useLayoutEffect(() => {
    if (wanted === null || !there) return;
    toRow(wanted);
    focusRow(wanted);
    setMarkedKey(wanted);
    setWanted(null);
  }, [wanted, there, toRow, focusRow]);
  useEffect(() => {
    if (markedKey === null) return;
    const timer = setTimeout(() => setMarkedKey(null), markedMs);
    return () => clearTimeout(timer);
  }, [markedKey]);
  const forget = useCallback(() => setReturnTo(null), []);
  useEffect(() => {
    if (atEnd) setReturnTo(null);
  }, [atEnd]);
  return { markedKey, returnTo, forget };
}
