import type { VirtualizerHandle } from 'virtua';
import {
  type Anchor,
  anchorOf,
  distanceToEnd,
  END_TOLERANCE_PX,
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

/** The list as of the last render. */
export interface ScrollContext {
  readonly conversation: number;
  readonly items: readonly TimelineItem[];
  /** The virtual list keeps its own position for this change. */
  readonly shift: boolean;
  /** Whether the items end with the newest message, and not with a gap. */
  readonly isEnd: boolean;
  /** The unread message to open at; `null` for the end. */
  readonly opensAt: string | null;
  readonly memory: ScrollMemory;
  readonly scroller: { readonly current: HTMLDivElement | null };
  readonly list: { readonly current: VirtualizerHandle | null };
  /** Called when the upper edge is close to the oldest loaded item. */
  readonly onNearStart: () => void;
  /** Called when the user does something that may scroll. */
  readonly onIntent: () => void;
}

/** What the list shows now. */
export interface ScrollState {
  readonly view: ScrollView;
  /** The last message in view when scrolling stopped. */
  readonly lastInView: string | null;
}

const NEAR_START_PX = 800;
/** The space above the unread line, so that some read messages stay visible. */
const CONTEXT_PX = 56;
/** The maximum space above a message that a jump leads to. */
const FOUND_TOP_PX = 160;
/** Measuring new rows may move the list; a scroll within this time after our own is not attributed to the user. */
const SETTLE_MS = 200;
const INTENT_MS = 1_500;
const ARRIVAL_TRIES_MAX = 5; // Then the list is shown as it is.
/** Frames for which a reached row is held in place, because rows around it are measured only when they come into view. */
const HELD_FRAMES = 3;
/** Frames (one second on a fast device) after which a row that is not reached is given up. */
const ROW_AIM_FRAMES_MAX = 60;

/**
 * Keeps the scroll position of a message list: opens at the stored place, else the first unread message, else the end; stays at the end;
 * holds the first visible message in place. The virtual list itself handles prepended rows.
 */
export class ScrollAnchor {
  #context: ScrollContext;
  #state: ScrollState = { view: { known: false, atEnd: false, far: false, dayAt: null }, lastInView: null };
  readonly #listeners = new Set<() => void>();
  /** The target position: the end while the user stays there, or a row until it is reached and measured. */
  #target: ScrollPlace | null = null;
  #targetSetAt = 0;
  /** The pending animation frame that checks the targeted row, or `null`. */
  #frame: number | null = null;
  /** False until the opening place is reached. What is in view before that is ignored. */
  #arrived = false;
  #openedAt: 'not' | 'row' | 'end' | 'asked' = 'not';
  #anchor: Anchor | null = null;
  #lastTop = 0;
  #ownScrollAt = 0;
  #intentAt = Number.NEGATIVE_INFINITY;

  constructor(context: ScrollContext) {
    this.#context = context;
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly getSnapshot = (): ScrollState => this.#state;

  update(context: ScrollContext): void {
    this.#context = context;
  }

  readonly toEnd = (): void => this.toPlace({ at: 'end' });

  /** Scrolls to the first unread message if it is below everything seen so far (`seenTo`, a sequence), otherwise to the end. */
  readonly toLatest = (seenTo: number): void => {
    const { items, opensAt } = this.#context;
    const unread = items.find((item) => item.key === opensAt);
    const place = unread?.type === 'message' && (unread.row.sequence ?? 0) > seenTo ? this.#unreadPlace() : null;
    if (place === null) this.toEnd();
    else this.toPlace(place);
  };

  /** Scrolls as the key does when the list has the focus. */
  readonly scrollBy = (key: ScrollKey): void => {
    const element = this.#context.scroller.current;
    if (element === null) return;
    this.#intentAt = performance.now();
    this.#target = null;
    element.scrollTop = topAfter(key, element);
  };

  /** Scrolls to a row, with some of the messages before it visible above. */
  readonly toRow = (key: string): void => {
    // Uses the element's height, because the virtual list does not know its viewport until it was measured.
    const height = this.#context.scroller.current?.clientHeight ?? 0;
    this.toPlace({ at: 'row', key, top: Math.min(Math.round(height / 3), FOUND_TOP_PX) });
  };

  readonly toPlace = (place: ScrollPlace): void => {
    // The user chose this row, or chose the end before rows were loaded. Messages found to be unread later must not move the list.
    if (place.at === 'row' || this.#openedAt === 'not') this.#openedAt = 'asked';
    this.#setTarget(place);
    this.#scrollToTarget();
  };

  readonly onScroll = (): void => {
    const { items, list, scroller } = this.#context;
    const element = scroller.current;
    if (element === null || list.current === null) return;
    const now = performance.now();
    // A scroll older than the target does not cancel it.
    const asked = now - this.#intentAt < INTENT_MS && this.#intentAt > this.#targetSetAt;
    const upwards = element.scrollTop < this.#lastTop - 1;
    this.#lastTop = element.scrollTop;
    if (this.#target !== null && (asked || hasReached(items, list.current, element, this.#target)))
      this.#arrived = true;
    if (this.#target?.at === 'row' && asked) this.#target = null;
    // While scrolling to a row, the end does not attract the list, and only the user's own scrolling cancels the target.
    if (this.#target?.at !== 'row') this.#holdEnd(element, upwards && (asked || now - this.#ownScrollAt > SETTLE_MS));
    this.refresh();
  };

  readonly onScrollEnd = (): void => {
    const { items, list } = this.#context;
    if (list.current !== null) this.#show({ ...this.#state, lastInView: lastMessageInView(items, list.current) });
  };

  readonly onResize = (): void => {
    this.#scrollToTarget();
    this.refresh();
  };

  /** Restores the position after a change of the items. Must be called before paint. */
  onItems(): void {
    const { items, list } = this.#context;
    if (items.length === 0 || list.current === null) return;
    const touched = this.#intentAt > Number.NEGATIVE_INFINITY;
    const unreadKnownNow = this.#openedAt === 'end' && !touched && this.#unreadPlace() !== null;
    if (this.#openedAt === 'not' || unreadKnownNow) {
      const place = this.#openingPlace();
      this.#openedAt = place.at;
      this.#setTarget(place);
    } else if (this.#target === null) this.#restoreAnchor();
    this.#scrollToTarget();
  }

  /** Retries until the opening place is reached, because a list that fits its viewport never scrolls. Returns a stop function. */
  waitForArrival(): () => void {
    let tries = 0;
    const timer = setInterval(() => {
      tries += 1;
      if (!this.#isAtTarget() && tries < ARRIVAL_TRIES_MAX) {
        this.#scrollToTarget();
        return;
      }
      clearInterval(timer);
      this.#arrived = true;
      this.refresh();
      this.onScrollEnd();
    }, SETTLE_MS);
    return () => clearInterval(timer);
  }

  /** Records when the user last did something that may scroll. Returns a function that stops it. */
  listenForIntent(): () => void {
    const element = this.#context.scroller.current;
    const onIntent = () => {
      this.#intentAt = performance.now();
      this.#context.onIntent();
    };
    const events = ['wheel', 'touchmove', 'pointerdown', 'keydown'] as const;
    for (const event of events) element?.addEventListener(event, onIntent, { passive: true });
    return () => {
      for (const event of events) element?.removeEventListener(event, onIntent);
    };
  }

  /** Cancels the pending frame. Must be called on unmount. */
  stop(): void {
    if (this.#frame !== null) cancelAnimationFrame(this.#frame);
    this.#frame = null;
  }

  /** Updates the state from what is in view now. */
  refresh(): void {
    const { items, isEnd, list, scroller, memory, conversation, onNearStart } = this.#context;
    if (list.current === null || scroller.current === null || !this.#arrived || items.length === 0) return;
    const view = viewOf(items, list.current, scroller.current, isEnd);
    if (!sameView(this.#state.view, view)) this.#show({ ...this.#state, view });
    const anchor = anchorOf(items, list.current);
    this.#anchor = anchor;
    const ended = view.atEnd || anchor === null;
    const { key, index, top } = anchor ?? { key: '', index: 0, top: 0 };
    memory.keep(conversation, ended ? { at: 'end' } : { at: 'row', key, top, sequence: sequenceFrom(items, index) });
    if (list.current.scrollOffset < NEAR_START_PX) onNearStart();
  }

  #show(shown: ScrollState): void {
    this.#state = shown;
    for (const listener of this.#listeners) listener();
  }

  #setTarget(place: ScrollPlace): void {
    if (place.at === 'row' || this.#target?.at !== 'end') this.#targetSetAt = performance.now();
    this.#target = place;
    this.stop();
    if (place.at === 'row') this.#trackTarget(ROW_AIM_FRAMES_MAX, 0);
  }

  /** Checks in each frame until the row is in place with everything around it measured. */
  #trackTarget(framesLeft: number, framesThere: number): void {
    this.#frame = requestAnimationFrame(() => {
      this.#frame = null;
      if (this.#target?.at !== 'row') return;
      const there = this.#isAtTarget();
      if (!there && framesLeft > 1) this.#scrollToTarget();
      if (framesLeft > 1 && !(there && framesThere + 1 === HELD_FRAMES)) {
        this.#trackTarget(framesLeft - 1, there ? framesThere + 1 : 0);
        return;
      }
      this.#arrived = true;
      this.#target = null;
      const element = this.#context.scroller.current;
      if (element !== null) this.#holdEnd(element, false);
      this.refresh();
    });
  }

  /** Keeps a list at its end, unless the user has scrolled away. */
  #holdEnd(element: HTMLElement, left: boolean): void {
    const { isEnd } = this.#context;
    if (isEnd && this.#arrived && distanceToEnd(element) <= END_TOLERANCE_PX) this.#setTarget({ at: 'end' });
    else if (left || !isEnd) this.#target = null;
  }

  #scrollToTarget(): void {
    const { items, list, scroller } = this.#context;
    if (this.#target === null || list.current === null || scroller.current === null || items.length === 0) return;
    this.#ownScrollAt = performance.now();
    scrollToPlace(items, list.current, scroller.current, this.#target);
  }

  #isAtTarget(): boolean {
    const { items, list, scroller } = this.#context;
    if (this.#target === null) return true;
    if (list.current === null || scroller.current === null) return false;
    return hasReached(items, list.current, scroller.current, this.#target);
  }

  /** Moves the anchor row back into place if rows changed above it and the list did not handle that itself. */
  #restoreAnchor(): void {
    const { items, shift } = this.#context;
    const anchor = this.#anchor;
    if (anchor === null) return;
    const index = items.findIndex((item) => item.key === anchor.key);
    const hasMoved = index !== -1 && index !== anchor.index;
    if (hasMoved && !shift) this.#setTarget({ at: 'row', key: anchor.key, top: anchor.top });
    this.#anchor = index === -1 ? null : { ...anchor, index };
  }

  #openingPlace(): ScrollPlace {
    const { items, memory, conversation } = this.#context;
    const kept = memory.read(conversation);
    if (kept?.at === 'row' && items.some((item) => item.key === kept.key)) return kept;
    return this.#unreadPlace() ?? { at: 'end' };
  }

  #unreadPlace(): ScrollPlace | null {
    const { items, opensAt } = this.#context;
    const key = `new ${opensAt}`;
    if (opensAt === null || !items.some((item) => item.key === key)) return null;
    return { at: 'row', key, top: CONTEXT_PX };
  }
}
