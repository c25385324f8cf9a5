import type { Timeline, TimelineRow } from '@everywire/chat-client';
import { useEffect, useRef, useState } from 'react';
import type { ScrollMemory } from './scroll-memory.js';

/**
 * Returns whether the place where this conversation was left is being fetched, because it was evicted in the meantime. Fetches it once; if
 * that fails, the conversation opens as on a first visit.
 */
export function useStoredPlace(
  timeline: Timeline,
  memory: ScrollMemory,
  conversation: number,
  rows: readonly TimelineRow[],
): boolean {
  const [place] = useState(() => memory.read(conversation));
  const [settled, setSettled] = useState(false);
  const asked = useRef(false);
  const sequence = place?.at === 'row' ? (place.sequence ?? null) : null;
  const held = rows.some((row) => row.type !== 'gap' && row.sequence === sequence);
  const seeks = sequence !== null && !settled && rows.length > 0 && !held;
  useEffect(() => {
    // Not fetched again after it was loaded once, because the user may have scrolled on.
    if (held) setSettled(true);
    if (!seeks || asked.current) return;
    asked.current = true;
    const settle = () => setSettled(true);
    timeline.locate(sequence).then(settle, settle);
  }, [held, seeks, sequence, timeline]);
  return seeks;
}
