import type { TimelineRow } from '@everywire/chat-client';
import { useCallback, useMemo, useState } from 'react';
import { flushSync } from 'react-dom';
import type { ScrollMemory } from './scroll-memory.js';
import { type ShownSpan, sequenceOf, shownSpan } from './shown-span.js';

interface SpanInput {
  readonly rows: readonly TimelineRow[];
  readonly conversation: number;
  readonly memory: ScrollMemory;
  /** The unread message to open at; `null` for the end. */
  readonly opensAt: string | null;
}

interface SpanView extends ShownSpan {
  /** Shows the span with the message of this sequence, or the newest one for `null`. The list has it when this returns. */
  readonly show: (within: number | null) => void;
  /** Keeps the shown span, whatever is found to be unread later. Call it when the user scrolls. */
  readonly keep: () => void;
}

/** Chooses the span of a timeline to show: at first the one of the opening place, then the one that the user goes to. */
export function useShownSpan({ rows, conversation, memory, opensAt }: SpanInput): SpanView {
  const [place] = useState(() => memory.read(conversation));
  const [chosen, choose] = useState<{ readonly within: number | null } | null>(null);
  const stored = place?.at === 'row' && rows.some((row) => row.key === place.key) ? (place.sequence ?? null) : null;
  const unread = rows.find((row) => row.key === opensAt);
  const within = chosen === null ? (stored ?? (unread ? sequenceOf(unread) : null)) : chosen.within;
  const show = useCallback((next: number | null) => flushSync(() => choose({ within: next })), []);
  const keep = useCallback(() => choose((before) => before ?? { within }), [within]);
  return { ...useMemo(() => shownSpan(rows, within), [rows, within]), show, keep };
}
