import type { VirtualizerHandle } from 'virtua';
import {
  type Anchor,
  anchorOf,
  distanceToEnd,
  endTolerancePx,
  hasReached,
  lastMessageInView,
  type ScrollKey,
  type ScrollView,
  sameView,
  scrollToPlace,
  sequenceFrom,
  topAfter,
  viewOf,
} from './scroll-geometry.js';
import type { ScrollMemory, ScrollPlace } from './scroll-memory.js';
import type { TimelineItem } from './timeline-items.js';

/** What the keeper works on, as of the last render. */
export interface ScrollContext {
  readonly conversation: number;
  readonly items: readonly TimelineItem[];
  /** The virtual list keeps the place of this change itself. */
  readonly shift: boolean;
  /** The unread message it opens at; `null` for the end. */
  readonly opensAt: string | null;
  readonly memory: ScrollMemory;
  readonly scroller: { readonly current: HTMLDivElement | null };
  readonly list: { readonly current: VirtualizerHandle | null };
  /** The upper edge came near the oldest item held. */
  readonly onNearStart: () => void;
}

export interface ScrollState {
  readonly view: ScrollView;
  /** The last message in view when the list came to rest. */
  readonly lastInView: string | null;
}

const nearStartPx = 800;
/** Above the unread line some of what was read before stays in view. */
const contextPx = 56;
/** Above a message one was led to. */
const foundTopPx = 160;
/** Measuring what was just put in view may still move it; a scroll within this is ours unless a person asked for one. */
const settleMs = 200;
const intentMs = 1_500;
/** A place that cannot be reached in so many tries is given up: the list stays where it is. */
const arrivalTriesMax = 5;
/** Frames for which a row that was reached is held in its place, because rows are measured when they come into view. A slow device takes longer for each. */
const heldFrames = 3;
/** A row that is not reached in so many frames, a second of a fast device, is left where it is. */
const rowAimFramesMax = 60;

/**
 * Keeps the place in a list of messages: opens where one left off, else at the first unread, else at the end; stays at the end while
 * there; and holds the first visible message still when a gap above it is filled. (Prepending is held by the virtual list itself.)
 */
export class ScrollAnchor {
  #scene: ScrollContext;
  #shown: ScrollState = { view: { known: false, atEnd: false, far: false, dayAt: null }, lastInView: null };
  readonly #listeners = new Set<() => void>();
  /** Where the list is to stand: the end for as long as one stays there, a row until it is reached and measured. */
  #aim: ScrollPlace | null = null;
  #aimedAt = 0;
  /** The next frame in which the row that is aimed at is looked for; `null` for none. */
  #frame: number | null = null;
  /** The place where it opens takes a moment to be reached; what is in view until then counts for nothing. */
  #arrived = false;
  #openedAt: 'not' | 'row' | 'end' | 'asked' = 'not';
  #anchor: Anchor | null = null;
  #lastTop = 0;
  /** The last scroll that went anywhere went up. */
  #goingUp = false;
  #oursAt = 0;
  #intentAt = Number.NEGATIVE_INFINITY;

  constructor(scene: ScrollContext) {
    this.#scene = scene;
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly getSnapshot = (): ScrollState => this.#shown;

  take(scene: ScrollContext): void {
    this.#scene = scene;
  }

  readonly toEnd = (): void => {
    const { list, scroller } = this.#scene;
    // The list may still be on its way to a row, and would go on; another scroll of its own ends that.
    if (scroller.current !== null) list.current?.scrollTo(scroller.current.scrollHeight);
    this.toPlace({ at: 'end' });
  };

  /** To the first unread message where it lies below all that was on the screen (`seenTo`, a sequence), as after opening where one left off; else to the end. */
  readonly toLatest = (seenTo: number): void => {
    const { items, opensAt } = this.#scene;
    const unread = items.find((item) => item.key === opensAt);
    const place = unread?.type === 'message' && (unread.row.sequence ?? 0) > seenTo ? this.#unreadPlace() : null;
    if (place === null) this.toEnd();
    else this.toPlace(place);
  };

  /** As the key does where the list itself has the focus. */
  readonly scrollBy = (key: ScrollKey): void => {
    const element = this.#scene.scroller.current;
    if (element === null) return;
    this.#intentAt = performance.now();
    this.#aim = null;
    element.scrollTop = topAfter(key, element);
  };

  /** A row is put where the eye finds it, with some of what was said before it above. */
  readonly toRow = (key: string): void => {
    // The element's own height: the virtual list does not know its window until it has been measured.
    const height = this.#scene.scroller.current?.clientHeight ?? 0;
    this.toPlace({ at: 'row', key, top: Math.min(Math.round(height / 3), foundTopPx) });
  };

  readonly toPlace = (place: ScrollPlace): void => {
    // The person asked for this row, or for the end before there are rows: neither they nor messages that turn out to be unread later lead away from it.
    if (place.at === 'row' || this.#openedAt === 'not') this.#openedAt = 'asked';
    this.#aimAt(place);
    this.#pursue();
  };

  readonly onScroll = (): void => {
    const { items, list, scroller } = this.#scene;
    const element = scroller.current;
    if (element === null || list.current === null) return;
    const now = performance.now();
    // A scroll from before there was this aim does not end it.
    const asked = now - this.#intentAt < intentMs && this.#intentAt > this.#aimedAt;
    const upwards = element.scrollTop < this.#lastTop - 1;
    if (upwards || element.scrollTop > this.#lastTop + 1) this.#goingUp = upwards;
    this.#lastTop = element.scrollTop;
    if (this.#aim !== null && (asked || hasReached(items, list.current, element, this.#aim))) this.#arrived = true;
    if (this.#aim?.at === 'row' && asked) this.#aim = null;
    // While the list goes to a row, the end does not hold it, and only a scroll that the person made takes it elsewhere.
    if (this.#aim?.at !== 'row') this.#holdEnd(element, upwards && (asked || now - this.#oursAt > settleMs));
    this.look();
  };

  readonly onScrollEnd = (): void => {
    const { items, list } = this.#scene;
    if (list.current !== null) this.#show({ ...this.#shown, lastInView: lastMessageInView(items, list.current) });
  };

  readonly onResize = (): void => {
    this.#pursue();
    this.look();
  };

  /** Before the paint of a list that has changed. */
  onItems(): void {
    const { items, list } = this.#scene;
    if (items.length === 0 || list.current === null) return;
    const touched = this.#intentAt > Number.NEGATIVE_INFINITY;
    const unreadKnownNow = this.#openedAt === 'end' && !touched && this.#unreadPlace() !== null;
    if (this.#openedAt === 'not' || unreadKnownNow) {
      const place = this.#openingPlace();
      this.#openedAt = place.at;
      this.#aimAt(place);
    } else if (this.#aim === null) this.#hold();
    this.#pursue();
  }

  /** A list that fits its window never scrolls, and what takes long to measure needs another push. Answers the end of waiting. */
  waitForArrival(): () => void {
    let tries = 0;
    const timer = setInterval(() => {
      tries += 1;
      if (!this.#isThere() && tries < arrivalTriesMax) {
        this.#pursue();
        return;
      }
      clearInterval(timer);
      this.#arrived = true;
      this.look();
      this.onScrollEnd();
    }, settleMs);
    return () => clearInterval(timer);
  }

  /** Notes when a person last did something that may scroll. Answers the end of listening. */
  listenForIntent(): () => void {
    const element = this.#scene.scroller.current;
    const onIntent = () => {
      this.#intentAt = performance.now();
    };
    const events = ['wheel', 'touchmove', 'pointerdown', 'keydown'] as const;
    for (const event of events) element?.addEventListener(event, onIntent, { passive: true });
    return () => {
      for (const event of events) element?.removeEventListener(event, onIntent);
    };
  }

  /** Stops looking at each frame, because the list is gone. */
  stop(): void {
    if (this.#frame !== null) cancelAnimationFrame(this.#frame);
    this.#frame = null;
  }

  /** Takes in what is in view now. */
  look(): void {
    const { items, list, scroller, memory, conversation, onNearStart } = this.#scene;
    if (list.current === null || scroller.current === null || !this.#arrived || items.length === 0) return;
    const view = viewOf(items, list.current, scroller.current);
    if (!sameView(this.#shown.view, view)) this.#show({ ...this.#shown, view });
    const anchor = anchorOf(items, list.current, this.#goingUp);
    this.#anchor = anchor;
    const ended = view.atEnd || anchor === null;
    const { key, index, top } = anchor ?? { key: '', index: 0, top: 0 };
    memory.keep(conversation, ended ? { at: 'end' } : { at: 'row', key, top, sequence: sequenceFrom(items, index) });
    if (list.current.scrollOffset < nearStartPx) onNearStart();
  }

  #show(shown: ScrollState): void {
    this.#shown = shown;
    for (const listener of this.#listeners) listener();
  }

  #aimAt(place: ScrollPlace): void {
    if (place.at === 'row' || this.#aim?.at !== 'end') this.#aimedAt = performance.now();
    this.#aim = place;
    this.stop();
    if (place.at === 'row') this.#approach(rowAimFramesMax, 0);
  }

  /** From frame to frame until the row stands where it shall, with everything around it measured. */
  #approach(framesLeft: number, framesThere: number): void {
    this.#frame = requestAnimationFrame(() => {
      this.#frame = null;
      if (this.#aim?.at !== 'row') return;
      const there = this.#isThere();
      if (!there && framesLeft > 1) this.#pursue();
      if (framesLeft > 1 && !(there && framesThere + 1 === heldFrames)) {
        this.#approach(framesLeft - 1, there ? framesThere + 1 : 0);
        return;
      }
      this.#arrived = true;
      this.#aim = null;
      const element = this.#scene.scroller.current;
      if (element !== null) this.#holdEnd(element, false);
      this.look();
    });
  }

  /** A list that stands at its end stays at the end, unless the person has scrolled away from it. */
  #holdEnd(element: HTMLElement, left: boolean): void {
    if (this.#arrived && distanceToEnd(element) <= endTolerancePx) this.#aimAt({ at: 'end' });
    else if (left) this.#aim = null;
  }

  #pursue(): void {
    const { items, list, scroller } = this.#scene;
    if (this.#aim === null || list.current === null || scroller.current === null || items.length === 0) return;
    this.#oursAt = performance.now();
    scrollToPlace(items, list.current, scroller.current, this.#aim);
  }

  #isThere(): boolean {
    const { items, list, scroller } = this.#scene;
    if (this.#aim === null) return true;
    if (list.current === null || scroller.current === null) return false;
    return hasReached(items, list.current, scroller.current, this.#aim);
  }

  /** The anchored message goes back where it was, if rows came or went above it and the list has not seen to that itself. */
  #hold(): void {
    const { items, shift } = this.#scene;
    const anchor = this.#anchor;
    if (anchor === null) return;
    const index = items.findIndex((item) => item.key === anchor.key);
    if (index !== -1 && index !== anchor.index && !shift) this.#aimAt({ at: 'row', key: anchor.key, top: anchor.top });
    this.#anchor = index === -1 ? null : { ...anchor, index };
  }

  #openingPlace(): ScrollPlace {
    const { items, memory, conversation } = this.#scene;
    const kept = memory.read(conversation);
    if (kept?.at === 'row' && items.some((item) => item.key === kept.key)) return kept;
    return this.#unreadPlace() ?? { at: 'end' };
  }

  #unreadPlace(): ScrollPlace | null {
    const { items, opensAt } = this.#scene;
    const key = `new ${opensAt}`;
    if (opensAt === null || !items.some((item) => item.key === key)) return null;
    return { at: 'row', key, top: contextPx };
  }
}
