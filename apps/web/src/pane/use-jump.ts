import type { Timeline } from '@everywire/chat-client';
import { useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react';
import { clearMessageInRoute, useMessageInRoute } from '../app/route.js';
import type { ScrollMemory, ScrollPlace } from './scroll-memory.js';
import type { TimelineItem } from './timeline-items.js';

/** How long the target message is highlighted, in milliseconds. */
const MARKED_MS = 2_000;

interface JumpInput {
  readonly conversation: number;
  /** The root of the shown thread; `null` for the conversation. */
  readonly root: number | null;
  readonly timeline: Timeline;
  readonly items: readonly TimelineItem[];
  readonly memory: ScrollMemory;
  readonly atEnd: boolean;
  /** Shows the loaded history around the message of this sequence. */
  readonly show: (sequence: number) => void;
  readonly toRow: (key: string) => void;
  readonly focusRow: (key: string) => void;
  /** Reports an error code if the message cannot be loaded; `null` when the search begins. */
  readonly reportFailure: (code: string | null) => void;
  /** Called if the message is a reply, which is shown in its thread. */
  readonly onThread: (root: number, sequence: number) => void;
}

interface Jump {
  /** The message that a jump led to just now. */
  readonly markedKey: string | null;
  /** The place before the jump, or `null`. */
  readonly returnTo: ScrollPlace | null;
  readonly forget: () => void;
}

/** Goes to the message in the address: loads what is around it, scrolls to it, highlights it, and remembers the previous place. */
export function useJump(input: JumpInput): Jump {
  const { conversation, root, timeline, items, memory, atEnd, show, toRow, focusRow, reportFailure, onThread } = input;
  const target = useMessageInRoute(conversation, root);
  const [wanted, setWanted] = useState<string | null>(null);
  const [markedKey, setMarkedKey] = useState<string | null>(null);
  const [returnTo, setReturnTo] = useState<ScrollPlace | null>(null);
  /** Counts the requests. Only the latest one leads to a jump, and none after unmount. */
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
        show(target);
        setWanted(located.key);
      }
    });
  }, [target, conversation, timeline, memory, show, reportFailure, onThread]);

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
    const timer = setTimeout(() => setMarkedKey(null), MARKED_MS);
    return () => clearTimeout(timer);
  }, [markedKey]);
  const forget = useCallback(() => setReturnTo(null), []);
  useEffect(() => {
    if (atEnd) setReturnTo(null);
  }, [atEnd]);
  return { markedKey, returnTo, forget };
}
