import { type RefObject, useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react';
import type { VirtualizerHandle } from 'virtua';
import {
  type Anchor,
  anchorOf,
  distanceToEnd,
  endTolerancePx,
  hasReached,
  lastMessageInView,
  type ScrollView,
  sameView,
  scrollToPlace,
  viewOf,
} from './scroll-geometry.js';
import type { ScrollMemory, ScrollPlace } from './scroll-memory.js';
import type { TimelineItem } from './timeline-items.js';

interface ScrollPlaceInput {
  readonly conversation: number;
  readonly items: readonly TimelineItem[];
  /** The virtual list keeps the place of this change itself. */
  readonly shift: boolean;
  readonly unreadKey: string | null;
  readonly memory: ScrollMemory;
  readonly scroller: RefObject<HTMLDivElement | null>;
  readonly list: RefObject<VirtualizerHandle | null>;
  /** The upper edge came near the oldest item held. */
  readonly onNearStart: () => void;
}

interface ScrollPlaceAnswer {
  readonly view: ScrollView;
  readonly lastInView: string | null;
  readonly onScroll: () => void;
  readonly onScrollEnd: () => void;
  readonly onResize: () => void;
  readonly toEnd: () => void;
}

const unknown: ScrollView = { known: false, atEnd: false, far: false, dayAt: null };
const nearStartPx = 800;
/** Above the unread line some of what was read before stays in view. */
const contextPx = 56;
/** Measuring what was just put in view may still move it; a scroll within this is ours unless a person asked for one. */
const settleMs = 200;
const intentMs = 1_500;
/** A place that cannot be reached in so many tries is given up: the list stays where it is. */
const arrivalTriesMax = 5;

/**
 * Keeps the place: opens where one left off, else at the first unread, else at the end; stays at the end while there; and holds the
 * first visible message still when a gap above it is filled. (Prepending is held by the virtual list itself, see `useSteadyItems`.)
 */
export function useScrollPlace(input: ScrollPlaceInput): ScrollPlaceAnswer {
  const latest = useRef(input);
  latest.current = input;
  const [view, setView] = useState(unknown);
  const [lastInView, setLastInView] = useState<string | null>(null);
  /** Where the list is to stand: the end for as long as one stays there, a row until it is reached. */
  const aim = useRef<ScrollPlace | null>(null);
  /** The place where it opens takes a moment to be reached; what is in view until then counts for nothing. */
  const arrived = useRef(false);
  const opened = useRef<'not' | 'row' | 'end'>('not');
  const anchor = useRef<Anchor | null>(null);
  const motion = useRef({ lastTop: 0, oursAt: 0, intentAt: Number.NEGATIVE_INFINITY });

  const pursue = useCallback(() => {
    const { items, list } = latest.current;
    if (aim.current === null || list.current === null || items.length === 0) return;
    motion.current.oursAt = performance.now();
    scrollToPlace(items, list.current, aim.current);
  }, []);

  const toEnd = useCallback(() => {
    aim.current = { at: 'end' };
    pursue();
  }, [pursue]);

  const look = useCallback(() => {
    const { items, list, scroller, memory, conversation, onNearStart } = latest.current;
    if (list.current === null || scroller.current === null || !arrived.current || items.length === 0) return;
    const next = viewOf(items, list.current, scroller.current);
    setView((before) => (sameView(before, next) ? before : next));
    anchor.current = anchorOf(items, list.current);
    const held = anchor.current;
    const place: ScrollPlace =
      next.atEnd || held === null ? { at: 'end' } : { at: 'row', key: held.key, top: held.top };
    memory.keep(conversation, place);
    if (list.current.scrollOffset < nearStartPx) onNearStart();
  }, []);

  const onScroll = useCallback(() => {
    const { items, list, scroller } = latest.current;
    const element = scroller.current;
    if (element === null || list.current === null) return;
    const now = performance.now();
    const asked = now - motion.current.intentAt < intentMs;
    const upwards = element.scrollTop < motion.current.lastTop - 1;
    motion.current.lastTop = element.scrollTop;
    if (aim.current !== null && (asked || hasReached(items, list.current, element, aim.current))) {
      arrived.current = true;
      aim.current = withoutRow(aim.current);
    }
    const freed = upwards && (asked || now - motion.current.oursAt > settleMs);
    if (arrived.current && distanceToEnd(element) <= endTolerancePx) aim.current = { at: 'end' };
    else if (freed) aim.current = null;
    look();
  }, [look]);

  const onScrollEnd = useCallback(() => {
    const { items, list } = latest.current;
    if (list.current !== null) setLastInView(lastMessageInView(items, list.current));
  }, []);

  const onResize = useCallback(() => {
    pursue();
    look();
  }, [look, pursue]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: the rest is read when the items change
  useLayoutEffect(() => {
    const { items, list } = input;
    if (items.length === 0 || list.current === null) return;
    const touched = motion.current.intentAt > Number.NEGATIVE_INFINITY;
    if (opened.current === 'not' || (opened.current === 'end' && !touched && unreadPlace(input) !== null)) {
      const place = openingPlace(input);
      opened.current = place.at === 'row' ? 'row' : 'end';
      aim.current = place;
      pursue();
    } else if (aim.current !== null) pursue();
    else anchor.current = hold(input, list.current, anchor.current);
    const frame = requestAnimationFrame(look);
    return () => cancelAnimationFrame(frame);
  }, [input.items, input.unreadKey]);

  // A list that fits its window never scrolls, and what takes long to measure needs another push.
  const begun = input.items.length > 0;
  useEffect(() => {
    if (!begun) return;
    let tries = 0;
    const timer = setInterval(() => {
      const { items, list, scroller } = latest.current;
      tries += 1;
      const there =
        aim.current === null ||
        (list.current !== null &&
          scroller.current !== null &&
          hasReached(items, list.current, scroller.current, aim.current));
      if (!there && tries < arrivalTriesMax) {
        pursue();
        return;
      }
      clearInterval(timer);
      arrived.current = true;
      aim.current = withoutRow(aim.current);
      look();
      onScrollEnd();
    }, settleMs);
    return () => clearInterval(timer);
  }, [begun, look, onScrollEnd, pursue]);

  useIntent(input.scroller, motion);
  return { view, lastInView, onScroll, onScrollEnd, onResize, toEnd };
}

/** A row is aimed at until it is reached; the end, for as long as one stays there. */
function withoutRow(place: ScrollPlace | null): ScrollPlace | null {
  return place?.at === 'end' ? place : null;
}

/** Notes when a person last did something that may scroll. */
function useIntent(scroller: RefObject<HTMLElement | null>, motion: RefObject<{ intentAt: number }>): void {
  useEffect(() => {
    const element = scroller.current;
    if (element === null) return;
    const onIntent = () => {
      motion.current.intentAt = performance.now();
    };
    const events = ['wheel', 'touchmove', 'pointerdown', 'keydown'] as const;
    for (const event of events) element.addEventListener(event, onIntent, { passive: true });
    return () => {
      for (const event of events) element.removeEventListener(event, onIntent);
    };
  }, [scroller, motion]);
}

/** Where one left off, else the first unread, else the end. */
function openingPlace(input: ScrollPlaceInput): ScrollPlace {
  const kept = input.memory.read(input.conversation);
  if (kept?.at === 'row' && input.items.some((item) => item.key === kept.key)) return kept;
  return unreadPlace(input) ?? { at: 'end' };
}

function unreadPlace({ items, unreadKey }: ScrollPlaceInput): ScrollPlace | null {
  const key = `new ${unreadKey}`;
  if (unreadKey === null || !items.some((item) => item.key === key)) return null;
  return { at: 'row', key, top: contextPx };
}

/** Puts the anchored message back where it was, if rows came or went above it and the list has not done so itself. */
function hold({ items, shift }: ScrollPlaceInput, handle: VirtualizerHandle, anchor: Anchor | null): Anchor | null {
  if (anchor === null) return null;
  const index = items.findIndex((item) => item.key === anchor.key);
  if (index === -1) return null;
  if (index !== anchor.index && !shift) handle.scrollTo(handle.getItemOffset(index) - anchor.top);
  return { ...anchor, index };
}
