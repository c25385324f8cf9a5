import type { VirtualizerHandle } from 'virtua';
import type { ScrollPlace } from './scroll-memory.js';
import type { TimelineItem } from './timeline-items.js';

/** What of the list is in view. */
export interface ScrollView {
  /** False until the place where it opens was reached. */
  readonly known: boolean;
  readonly atEnd: boolean;
  /** So far above the end that the last line may be out of sight. */
  readonly far: boolean;
  /** The day of what is at the upper edge, where its own pill does not stand; `null` shows none. */
  readonly dayAt: number | null;
}

/** Keys that scroll the messages, also from an empty field below them. */
export type ScrollKey = 'PageUp' | 'PageDown' | 'Home' | 'End';

/** The message that must not move: its index tells whether rows came or went above it. */
export interface Anchor {
  readonly key: string;
  readonly index: number;
  readonly top: number;
}

type Items = readonly TimelineItem[];

export const endTolerancePx = 4;
/** Of what was in view, so much still is after a page. */
const overlapPx = 40;
/** About one line with the air below it. */
const farPx = 48;
const reachTolerancePx = 2;
/** The height of a day's pill with the air around it. */
const pillPx = 44;
/** A day whose row stands so far above the upper edge, or further, is not drawn: the floating day takes its place. */
const passedPx = 6;

export function distanceToEnd(element: HTMLElement): number {
  return element.scrollHeight - element.scrollTop - element.clientHeight;
}

export function viewOf(items: Items, handle: VirtualizerHandle, element: HTMLElement): ScrollView {
  const distance = distanceToEnd(element);
  return {
    known: true,
    atEnd: distance <= endTolerancePx,
    far: distance > farPx,
    dayAt: floatingDay(items, handle),
  };
}

export function sameView(one: ScrollView, other: ScrollView): boolean {
  return one.known === other.known && one.atEnd === other.atEnd && one.far === other.far && one.dayAt === other.dayAt;
}

/**
 * Scrolls to a place; the virtual list may still have to measure what is there. To the end the element is scrolled itself: asked to do it, the
 * list would go there again with each row it measures, also after somebody has scrolled away.
 */
export function scrollToPlace(items: Items, handle: VirtualizerHandle, element: HTMLElement, place: ScrollPlace): void {
  if (place.at === 'end') {
    element.scrollTop = element.scrollHeight;
    return;
  }
  const index = items.findIndex((item) => item.key === place.key);
  if (index >= 0) handle.scrollToIndex(index, { align: 'start', offset: -place.top });
}

/** Whether the list stands there, as far as its length allows. */
export function hasReached(items: Items, handle: VirtualizerHandle, element: HTMLElement, place: ScrollPlace): boolean {
  const atEnd = distanceToEnd(element) <= endTolerancePx;
  if (place.at === 'end') return atEnd;
  const index = items.findIndex((item) => item.key === place.key);
  if (index === -1) return true;
  const missing = handle.getItemOffset(index) - place.top - element.scrollTop;
  return Math.abs(missing) <= reachTolerancePx || (missing > 0 && atEnd);
}

/**
 * The item that must not move: the first in view. A gap in view will be filled under one's eyes; who came to it from below reads on
 * below it, so the item after the gap is held then.
 */
export function anchorOf(items: Items, handle: VirtualizerHandle, fromBelow: boolean): Anchor | null {
  const first = handle.findItemIndex(handle.scrollOffset);
  const last = handle.findItemIndex(handle.scrollOffset + handle.viewportSize);
  const inView = items.slice(first, last + 1);
  const gap = fromBelow ? inView.findLastIndex((item) => item.type === 'gap') : inView[0]?.type === 'gap' ? 0 : -1;
  const index = first + gap + 1;
  const item = items[index];
  if (item === undefined) return null;
  return { key: item.key, index, top: handle.getItemOffset(index) - handle.scrollOffset };
}

/** The last message in view: where Tab enters the list. */
export function lastMessageInView(items: Items, handle: VirtualizerHandle): string | null {
  const at = handle.findItemIndex(handle.scrollOffset + handle.viewportSize - pillPx);
  return items.slice(0, at + 1).findLast((item) => item.type === 'message')?.key ?? null;
}

function floatingDay(items: Items, handle: VirtualizerHandle): number | null {
  const at = handle.findItemIndex(handle.scrollOffset);
  for (let index = at; index < items.length; index++) {
    const top = handle.getItemOffset(index) - handle.scrollOffset;
    if (top > pillPx) break;
    if (items[index]?.type === 'day' && top >= -passedPx) return null;
  }
  for (let index = at; index < items.length; index++) {
    const item = items[index];
    if (item?.type === 'message' || item?.type === 'service' || item?.type === 'recalled') return item.row.sentAt;
  }
  return null;
}

/** The sequence of this item, or of the next one that has one. */
export function sequenceFrom(items: Items, index: number): number | null {
  for (const item of items.slice(index)) {
    if ('row' in item && 'sequence' in item.row && item.row.sequence !== null) return item.row.sequence;
  }
  return null;
}

/** Where a list stands after a key, in pixels; the browser keeps it within the list. */
export function topAfter(key: ScrollKey, { scrollTop, scrollHeight, clientHeight }: HTMLElement): number {
  if (key === 'Home') return 0;
  if (key === 'End') return scrollHeight;
  return scrollTop + (key === 'PageUp' ? overlapPx - clientHeight : clientHeight - overlapPx);
}
