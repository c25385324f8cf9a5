import { compareSearchPositions, type SearchPosition, type SearchRequest } from './search.js';
import type { Span } from './visibility.js';

/** The highest span that has something at or below `sequence`; those above are done with, and taken off. */
export function nextSpan(spans: Span[], sequence: number): Span | null {
  for (let span = spans.at(-1); span !== undefined; span = spans.at(-1)) {
    if (span[0] <= sequence) return span;
    spans.pop();
  }
  return null;
}

/** Above which nothing is looked for: the end of the answer before, or a date; `null` where a search begins with the newest. */
export function searchStart({ after, until }: Pick<SearchRequest, 'after' | 'until'>): SearchPosition | null {
  const date = until === null ? null : { sentAt: until, conversation: 0, sequence: 0 };
  if (after === null || date === null) return after ?? date;
  return compareSearchPositions(after, date) < 0 ? date : after;
}
