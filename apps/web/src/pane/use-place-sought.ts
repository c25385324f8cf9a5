import type { Timeline, TimelineRow } from '@everywire/chat-client';
import { useEffect, useRef, useState } from 'react';
import type { ScrollMemory } from './scroll-memory.js';

/**
 * Whether the place where this conversation was left is still being fetched: one scrolled far up, and what was held there was given up meanwhile. Asks for it
 * once; where it cannot be had, the conversation opens as if it had not been left.
 */
export function usePlaceSought(
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
    // Held once, it is not sought again: one may have scrolled on.
    if (held) setSettled(true);
    if (!seeks || asked.current) return;
    asked.current = true;
    const settle = () => setSettled(true);
    timeline.locate(sequence).then(settle, settle);
  }, [held, seeks, sequence, timeline]);
  return seeks;
}
