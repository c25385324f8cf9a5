import type { Measures } from './scroll-measures.js';
import type { ScrollPlace } from './scroll-memory.js';
import type { TimelineItem } from './timeline-items.js';

/** What part of the list is in view. */
export interface ScrollView {
  /** False until the opening place was reached. */
  readonly known: boolean;
  readonly atEnd: boolean;
  /** So far above the end that the last line may be hidden. */
  readonly far: boolean;
  /** The day of the topmost visible message, or `null` if its separator is at that place. */
  readonly dayAt: number | null;
}

/** Keys that scroll the messages, also from an empty composer. */
export type ScrollKey = 'PageUp' | 'PageDown' | 'Home' | 'End';

/** The row to hold in place. A changed index shows that rows above it were added or removed. */
export interface Anchor {
  readonly key: string;
  readonly index: number;
  readonly top: number;
}

type Items = readonly TimelineItem[];

/** The distance from the end, in pixels, that still counts as the end. */
export const END_TOLERANCE_PX = 4;
/** How much of the view stays visible after Page Up or Page Down. */
const OVERLAP_PX = 40;
/** About one line with its spacing. */
const FAR_PX = 48;
const REACH_TOLERANCE_PX = 2;
/** The height of a day separator with its spacing. */
const PILL_PX = 44;
/** A day separator this far above the upper edge is hidden, and the floating day replaces it. */
const PASSED_PX = 6;

/** Returns the distance from the end in pixels. */
export function distanceToEnd({ top, height, viewport }: Measures): number {
  return height - top - viewport;
}

/** Returns what is in view now. `isEnd`: the items end with the newest message. */
export function viewOf(items: Items, measures: Measures, isEnd: boolean): ScrollView {
  const distance = isEnd ? distanceToEnd(measures) : Number.POSITIVE_INFINITY;
  return {
    known: true,
    atEnd: distance <= END_TOLERANCE_PX,
    far: distance > FAR_PX,
    dayAt: floatingDay(items, measures),
  };
}

/** Returns whether two views are equal. */
export function sameView(one: ScrollView, other: ScrollView): boolean {
  return one.known === other.known && one.atEnd === other.atEnd && one.far === other.far && one.dayAt === other.dayAt;
}

/** Returns the scroll position that shows a place, not clamped; `null` if its row is gone. */
export function topOf(items: Items, measures: Measures, place: ScrollPlace): number | null {
  if (place.at === 'end') return measures.height;
  const index = items.findIndex((item) => item.key === place.key);
  return index === -1 ? null : measures.offsetOf(index) - place.top;
}

/** Returns whether the list is at the place, as far as its length allows. */
export function hasReached(items: Items, measures: Measures, place: ScrollPlace): boolean {
  const atEnd = distanceToEnd(measures) <= END_TOLERANCE_PX;
  if (place.at === 'end') return atEnd;
  const top = topOf(items, measures, place);
  if (top === null) return true;
  const missing = top - measures.top;
  return Math.abs(missing) <= REACH_TOLERANCE_PX || (missing > 0 && atEnd);
}

/** Returns the item to hold in place: the first in view. */
export function anchorOf(items: Items, { offset, indexAt, offsetOf }: Measures): Anchor | null {
  const index = indexAt(offset);
  const item = items[index];
  return item === undefined ? null : { key: item.key, index, top: offsetOf(index) - offset };
}

/** Returns the last message in view, where Tab enters the list. */
export function lastMessageInView(items: Items, { offset, viewport, indexAt }: Measures): string | null {
  const at = indexAt(offset + viewport - PILL_PX);
  return items.slice(0, at + 1).findLast((item) => item.type === 'message')?.key ?? null;
}

function floatingDay(items: Items, { offset, indexAt, offsetOf }: Measures): number | null {
  const at = indexAt(offset);
  for (let index = at; index < items.length; index++) {
    const top = offsetOf(index) - offset;
    if (top > PILL_PX) break;
    if (items[index]?.type === 'day' && top >= -PASSED_PX) return null;
  }
  for (let index = at; index < items.length; index++) {
    const item = items[index];
    if (item?.type === 'message' || item?.type === 'service' || item?.type === 'recalled') return item.row.sentAt;
  }
  return null;
}

/** Returns the sequence of this item, or of the next one that has one. */
export function sequenceFrom(items: Items, index: number): number | null {
  for (const item of items.slice(index)) {
    if ('row' in item && 'sequence' in item.row && item.row.sequence !== null) return item.row.sequence;
  }
  return null;
}

/** Returns the scroll position after a key, in pixels, not clamped: the browser does that. */
export function topAfter(key: Exclude<ScrollKey, 'End'>, { top, viewport }: Measures): number {
  if (key === 'Home') return 0;
  return top + (key === 'PageUp' ? OVERLAP_PX - viewport : viewport - OVERLAP_PX);
}
