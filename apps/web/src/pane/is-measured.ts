import type { TimelineItem } from './timeline-items.js';

/** Returns whether the height of a message is known. The virtual list draws it first, hidden, to measure it. Other items count as measured. */
export function isMeasured(scroller: HTMLElement | null, item: TimelineItem): boolean {
  if (item.type !== 'message') return true;
  const row = scroller?.querySelector(`[data-key="${CSS.escape(item.key)}"]`) ?? null;
  return row !== null && getComputedStyle(row).visibility !== 'hidden';
}
