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

/** What the keeper works on, as of the last render. */
export interface ScrollScene {
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

export interface ScrollShown {
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
/** A row that was to be held and is not reached by then is left where it is. */
const rowAimMs = 1_000;

/**
 * Keeps the place in a list of messages: opens where one left off, else at the first unread, else at the end; stays at the end while
 * there; and holds the first visible message still when a gap above it is filled. (Prepending is held by the virtual list itself.)
 */
export class ScrollKeeper {
  #scene: ScrollScene;
  #shown: ScrollShown = { view: { known: false, atEnd: false, far: false, dayAt: null }, lastInView: null };
  readonly #listeners = new Set<() => void>();
  /** Where the list is to stand: the end for as long as one stays there, a row until it is reached. */
  #aim: ScrollPlace | null = null;
  #aimedAt = 0;
  /** The place where it opens takes a moment to be reached; what is in view until then counts for nothing. */
  #arrived = false;
  #openedAt: 'not' | 'row' | 'end' = 'not';
  #anchor: Anchor | null = null;
  #lastTop = 0;
  /** The last scroll that went anywhere went up. */
  #goingUp = false;
  #oursAt = 0;
  #intentAt = Number.NEGATIVE_INFINITY;

  constructor(scene: ScrollScene) {
    this.#scene = scene;
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly getSnapshot = (): ScrollShown => this.#shown;

  take(scene: ScrollScene): void {
    this.#scene = scene;
  }

  readonly toEnd = (): void => this.toPlace({ at: 'end' });

  /** A row is put where the eye finds it, with some of what was said before it above. */
  readonly toRow = (key: string): void => {
    const height = this.#scene.list.current?.viewportSize ?? 0;
    this.toPlace({ at: 'row', key, top: Math.min(Math.round(height / 3), foundTopPx) });
  };

  readonly toPlace = (place: ScrollPlace): void => {
    // Asked for: what turns out to be unread later does not lead away from it.
    this.#openedAt = place.at === 'end' ? this.#openedAt : 'row';
    this.#aimAt(place);
    this.#pursue();
  };

  readonly onScroll = (): void => {
    const { items, list, scroller } = this.#scene;
    const element = scroller.current;
    if (element === null || list.current === null) return;
    const now = performance.now();
    // What a person did before there was this aim is not meant against it.
    const asked = now - this.#intentAt < intentMs && this.#intentAt > this.#aimedAt;
    const upwards = element.scrollTop < this.#lastTop - 1;
    if (upwards || element.scrollTop > this.#lastTop + 1) this.#goingUp = upwards;
    this.#lastTop = element.scrollTop;
    if (this.#aim !== null && (asked || hasReached(items, list.current, element, this.#aim))) this.#arrive();
    const freed = upwards && (asked || now - this.#oursAt > settleMs);
    // Who is being led to a row from the end is not held there.
    const led = this.#aim?.at === 'row';
    if (this.#arrived && !led && distanceToEnd(element) <= endTolerancePx) this.#aimAt({ at: 'end' });
    else if (freed) this.#aim = null;
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
      this.#arrive();
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

  /** Takes in what is in view now. */
  look(): void {
    const { items, list, scroller, memory, conversation, onNearStart } = this.#scene;
    if (list.current === null || scroller.current === null || !this.#arrived || items.length === 0) return;
    const view = viewOf(items, list.current, scroller.current);
    if (!sameView(this.#shown.view, view)) this.#show({ ...this.#shown, view });
    const anchor = anchorOf(items, list.current, this.#goingUp);
    this.#anchor = anchor;
    const ended = view.atEnd || anchor === null;
    memory.keep(conversation, ended ? { at: 'end' } : { at: 'row', key: anchor.key, top: anchor.top });
    if (list.current.scrollOffset < nearStartPx) onNearStart();
  }

  #show(shown: ScrollShown): void {
    this.#shown = shown;
    for (const listener of this.#listeners) listener();
  }

  #aimAt(place: ScrollPlace): void {
    if (place.at === 'row' || this.#aim?.at !== 'end') this.#aimedAt = performance.now();
    this.#aim = place;
  }

  #pursue(): void {
    const { items, list, scroller } = this.#scene;
    if (this.#aim === null || list.current === null || scroller.current === null || items.length === 0) return;
    this.#oursAt = performance.now();
    if (this.#arrived && this.#aim.at === 'row' && this.#oursAt - this.#aimedAt > rowAimMs) {
      this.#aim = null;
      return;
    }
    scrollToPlace(items, list.current, scroller.current, this.#aim);
  }

  #isThere(): boolean {
    const { items, list, scroller } = this.#scene;
    if (this.#aim === null) return true;
    if (list.current === null || scroller.current === null) return false;
    return hasReached(items, list.current, scroller.current, this.#aim);
  }

  /** A row is aimed at until it is reached; the end, for as long as one stays there. */
  #arrive(): void {
    this.#arrived = true;
    if (this.#aim?.at === 'row') this.#aim = null;
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
