import { BLOCK_MESSAGES } from './block-filter.js';
import { compareSearchPositions, type SearchPosition, type SearchRequest } from './search.js';
import type { VisibleRange } from './visibility.js';

/**
 * Returns the highest span (range of visible sequences) that begins at or below `sequence`, and removes the higher
 * spans from the array; `null` if there is none. `spans` must be rising.
 */
export function nextSpan(spans: VisibleRange[], sequence: number): VisibleRange | null {
  for (let span = spans.at(-1); span !== undefined; span = spans.at(-1)) {
    if (span[0] <= sequence) return span;
    spans.pop();
  }
  return null;
}

/**
 * Returns the first and the last block that lie wholly in a span of visible sequences; the first is higher if none
 * does. A search must test no other filter, because its work would show which words stand in invisible messages.
 */
export function wholeBlocks([low, high]: VisibleRange): readonly [first: number, last: number] {
  return [Math.ceil((low - 1) / BLOCK_MESSAGES), Math.floor(high / BLOCK_MESSAGES) - 1];
}

/**
 * Returns the position where a search starts: the end of the previous answer or the date `until`, whichever is older;
 * `null` for the newest message.
 */
export function searchStart({ after, until }: Pick<SearchRequest, 'after' | 'until'>): SearchPosition | null {
  const date = until === null ? null : { sentAt: until, conversation: 0, sequence: 0 };
  if (after === null || date === null) return after ?? date;
  return compareSearchPositions(after, date) < 0 ? date : after;
}
