import { type RefObject, useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react';
import type { VirtualizerHandle } from 'virtua';
import type { ScrollMemory } from './scroll-memory.js';
import type { TimelineItem } from './timeline-items.js';

/** What of the list is in view. */
export interface ScrollView {
  readonly atEnd: boolean;
  /** More than one screen above the end. */
  readonly far: boolean;
  /** The day of what is at the upper edge, where its own pill does not stand; `null` shows none. */
  readonly dayAt: number | null;
}

export interface ScrollPlaceInput {
  readonly conversation: number;
  readonly items: readonly TimelineItem[];
  readonly unreadKey: string | null;
  readonly memory: ScrollMemory;
  readonly scroller: RefObject<HTMLDivElement | null>;
  readonly list: RefObject<VirtualizerHandle | null>;
  /** The upper edge came near the oldest item held. */
  readonly onNearStart: () => void;
}

const endTolerancePx = 4;
const nearStartPx = 800;
const pillPx = 44;
/** Above the unread line some of what was read before stays in view. */
const contextPx = 56;
/** Measuring what was just put in view may still move it; a scroll within this is ours unless a person asked for one. */
const settleMs = 200;
const intentMs = 1_500;

/**
 * Keeps the place: opens where one left off, else at the first unread, else at the end; stays at the end while there; and holds the
 * first visible message still when a gap above it is filled. (Prepending is held by the virtual list itself, see `useSteadyItems`.)
 */
export function useScrollPlace(input: ScrollPlaceInput) {
  const latest = useRef(input);
  latest.current = input;
  const [view, setView] = useState<ScrollView>({ atEnd: true, far: false, dayAt: null });
  const stick = useRef(true);
  const openedAt = useRef<'not' | 'place' | 'unread' | 'end'>('not');
  const anchor = useRef<{ readonly key: string; readonly top: number } | null>(null);
  const motion = useRef({ lastTop: 0, ourScrollAt: 0, intentAt: Number.NEGATIVE_INFINITY });

  const toEnd = useCallback(() => {
    const { items, list } = latest.current;
    stick.current = true;
    motion.current.ourScrollAt = performance.now();
    list.current?.scrollToIndex(items.length - 1, { align: 'end' });
  }, []);

  const look = useCallback(() => {
    const { items, list, scroller, memory, conversation, onNearStart } = latest.current;
    const handle = list.current;
    const element = scroller.current;
    if (handle === null || element === null || openedAt.current === 'not' || items.length === 0) return;
    const distance = element.scrollHeight - element.scrollTop - element.clientHeight;
    const at = handle.findItemIndex(handle.scrollOffset);
    anchor.current = anchorOf(items, handle, at);
    const next: ScrollView = {
      atEnd: distance <= endTolerancePx,
      far: distance > element.clientHeight,
      dayAt: floatingDay(items, handle, at),
    };
    setView((before) => (sameView(before, next) ? before : next));
    const held = anchor.current;
    memory.keep(conversation, next.atEnd || held === null ? { at: 'end' } : { at: 'row', ...held });
    if (handle.scrollOffset < nearStartPx) onNearStart();
  }, []);

  const onScroll = useCallback(() => {
    const element = latest.current.scroller.current;
    if (element === null) return;
    const now = performance.now();
    const distance = element.scrollHeight - element.scrollTop - element.clientHeight;
    const upwards = element.scrollTop < motion.current.lastTop - 1;
    const asked = now - motion.current.intentAt < intentMs || now - motion.current.ourScrollAt > settleMs;
    motion.current.lastTop = element.scrollTop;
    if (distance <= endTolerancePx) stick.current = true;
    else if (upwards && asked) stick.current = false;
    look();
  }, [look]);

  const onResize = useCallback(() => {
    if (stick.current) toEnd();
    look();
  }, [look, toEnd]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: the rest is read when the items change
  useLayoutEffect(() => {
    const { items, list } = input;
    if (items.length === 0 || list.current === null) return;
    if (openedAt.current === 'not' || (openedAt.current === 'end' && becameUnread(input, motion.current.intentAt))) {
      openedAt.current = open(input, list.current, toEnd);
      stick.current = openedAt.current === 'end';
    } else if (stick.current) toEnd();
    else if (anchor.current !== null) hold(items, list.current, anchor.current);
    const frame = requestAnimationFrame(look);
    return () => cancelAnimationFrame(frame);
  }, [input.items, input.unreadKey]);

  useEffect(() => {
    const element = latest.current.scroller.current;
    if (element === null) return;
    const onIntent = () => {
      motion.current.intentAt = performance.now();
    };
    const events = ['wheel', 'touchmove', 'pointerdown', 'pointermove', 'keydown'] as const;
    for (const event of events) element.addEventListener(event, onIntent, { passive: true });
    return () => {
      for (const event of events) element.removeEventListener(event, onIntent);
    };
  }, []);

  return { view, onScroll, onResize, toEnd };
}

/** The first unread became known after the list was shown at its end, and nobody has moved it since. */
function becameUnread(input: ScrollPlaceInput, intentAt: number): boolean {
  return (
    intentAt === Number.NEGATIVE_INFINITY && unreadIndex(input) > 0 && input.memory.read(input.conversation) === null
  );
}

function open(input: ScrollPlaceInput, handle: VirtualizerHandle, toEnd: () => void): 'place' | 'unread' | 'end' {
  const { items, memory, conversation } = input;
  const place = memory.read(conversation);
  const at = place?.at === 'row' ? items.findIndex((item) => item.key === place.key) : -1;
  if (place?.at === 'row' && at >= 0) {
    handle.scrollToIndex(at, { align: 'start', offset: -place.top });
    return 'place';
  }
  const unread = unreadIndex(input);
  if (unread > 0) {
    handle.scrollToIndex(unread, { align: 'start', offset: -contextPx });
    return 'unread';
  }
  toEnd();
  return 'end';
}

function unreadIndex({ items, unreadKey }: ScrollPlaceInput): number {
  return unreadKey === null ? -1 : items.findIndex((item) => item.key === `new ${unreadKey}`);
}

/** Puts the anchored message back where it was, if rows came or went above it. */
function hold(
  items: readonly TimelineItem[],
  handle: VirtualizerHandle,
  anchor: { readonly key: string; readonly top: number },
): void {
  const at = items.findIndex((item) => item.key === anchor.key);
  if (at === -1) return;
  const wanted = handle.getItemOffset(at) - anchor.top;
  if (Math.abs(wanted - handle.scrollOffset) > 1) handle.scrollTo(wanted);
}

/** The first item in view that is a message; a gap shrinks under one's eyes and holds nothing. */
function anchorOf(items: readonly TimelineItem[], handle: VirtualizerHandle, at: number) {
  const held = items[at]?.type === 'gap' ? at + 1 : at;
  const item = items[held];
  return item === undefined ? null : { key: item.key, top: handle.getItemOffset(held) - handle.scrollOffset };
}

function floatingDay(items: readonly TimelineItem[], handle: VirtualizerHandle, at: number): number | null {
  for (let index = at; index < items.length; index++) {
    const item = items[index];
    if (item === undefined || handle.getItemOffset(index) - handle.scrollOffset > pillPx) break;
    if (item.type === 'day') return null;
  }
  for (let index = at; index < items.length; index++) {
    const item = items[index];
    if (item?.type === 'message' || item?.type === 'service') return item.row.sentAt;
  }
  return null;
}

function sameView(one: ScrollView, other: ScrollView): boolean {
  return one.atEnd === other.atEnd && one.far === other.far && one.dayAt === other.dayAt;
}
