import type { VirtualizerHandle } from 'virtua';
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
export function distanceToEnd(element: HTMLElement): number {
  return element.scrollHeight - element.scrollTop - element.clientHeight;
}

/** Returns what is in view now. `isEnd`: the items end with the newest message. */
export function viewOf(items: Items, handle: VirtualizerHandle, element: HTMLElement, isEnd: boolean): ScrollView {
  const distance = isEnd ? distanceToEnd(element) : Number.POSITIVE_INFINITY;
  return {
    known: true,
    atEnd: distance <= END_TOLERANCE_PX,
    far: distance > FAR_PX,
    dayAt: floatingDay(items, handle),
  };
}

/** Returns whether two views are equal. */
export function sameView(one: ScrollView, other: ScrollView): boolean {
  return one.known === other.known && one.atEnd === other.atEnd && one.far === other.far && one.dayAt === other.dayAt;
}

/**
 * Scrolls once to a place that the virtual list may still have to measure. Scrolls the element, because the list would scroll there again
 * with each measured row, even after the user has scrolled away.
 */
export function scrollToPlace(items: Items, handle: VirtualizerHandle, element: HTMLElement, place: ScrollPlace): void {
  if (place.at === 'end') {
    element.scrollTop = element.scrollHeight;
    return;
  }
  const index = items.findIndex((item) => item.key === place.key);
  if (index >= 0) element.scrollTop = handle.getItemOffset(index) - place.top;
}

/** Returns whether the list is at the place, as far as its length allows. */
export function hasReached(items: Items, handle: VirtualizerHandle, element: HTMLElement, place: ScrollPlace): boolean {
  const atEnd = distanceToEnd(element) <= END_TOLERANCE_PX;
  if (place.at === 'end') return atEnd;
  const index = items.findIndex((item) => item.key === place.key);
  if (index === -1) return true;
  const missing = handle.getItemOffset(index) - place.top - element.scrollTop;
  return Math.abs(missing) <= REACH_TOLERANCE_PX || (missing > 0 && atEnd);
}

/** Returns the item to hold in place: the first in view. */
export function anchorOf(items: Items, handle: VirtualizerHandle): Anchor | null {
  const index = handle.findItemIndex(handle.scrollOffset);
  const item = items[index];
  if (item === undefined) return null;
  return { key: item.key, index, top: handle.getItemOffset(index) - handle.scrollOffset };
}

/** Returns the last message in view, where Tab enters the list. */
export function lastMessageInView(items: Items, handle: VirtualizerHandle): string | null {
  const at = handle.findItemIndex(handle.scrollOffset + handle.viewportSize - PILL_PX);
  return items.slice(0, at + 1).findLast((item) => item.type === 'message')?.key ?? null;
}

function floatingDay(items: Items, handle: VirtualizerHandle): number | null {
  const at = handle.findItemIndex(handle.scrollOffset);
  for (let index = at; index < items.length; index++) {
    const top = handle.getItemOffset(index) - handle.scrollOffset;
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
export function topAfter(key: ScrollKey, { scrollTop, scrollHeight, clientHeight }: HTMLElement): number {
  if (key === 'Home') return 0;
  if (key === 'End') return scrollHeight;
  return scrollTop + (key === 'PageUp' ? OVERLAP_PX - clientHeight : clientHeight - OVERLAP_PX);
}
