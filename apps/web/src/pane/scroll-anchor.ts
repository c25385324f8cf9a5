import type { VirtualizerHandle } from 'virtua';
import type { ScrollKey } from './scroll-geometry.js';
import { measuresOf } from './scroll-measures.js';
import type { ScrollMemory, ScrollPlace } from './scroll-memory.js';
import {
  NOT_OPENED,
  reduceScroll,
  type ScrollEvent,
  type ScrollInput,
  type ScrollShown,
  type ScrollState,
  type ScrollStep,
  SETTLE_MS,
} from './scroll-state.js';

/** The list as of the last render. */
export interface ScrollContext extends Pick<ScrollInput, 'items' | 'shift' | 'isEnd' | 'opensAt'> {
  readonly conversation: number;
  readonly memory: ScrollMemory;
  readonly scroller: { readonly current: HTMLDivElement | null };
  readonly list: { readonly current: VirtualizerHandle | null };
  /** Called when the upper edge is close to the oldest loaded item. */
  readonly onNearStart: () => void;
  /** Called when the user does something that may scroll. */
  readonly onIntent: () => void;
}

/** The maximum space above a message that a jump leads to. */
const FOUND_TOP_PX = 160;
const ARRIVAL_TRIES_MAX = 5; // Then the list is shown as it is.

/** Runs `reduceScroll` for a list in the page: gives it events, measures and the time, and scrolls as it says. */
export class ScrollAnchor {
  #context: ScrollContext;
  #state: ScrollState = NOT_OPENED;
  readonly #listeners = new Set<() => void>();
  /** The pending animation frame, or `null`. */
  #frame: number | null = null;

  constructor(context: ScrollContext) {
    this.#context = context;
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly getSnapshot = (): ScrollShown => this.#state.shown;

  update(context: ScrollContext): void {
    this.#context = context;
  }

  readonly toEnd = (): void => this.toPlace({ at: 'end' });

  /** Scrolls to the first unread message if it is below everything seen so far (`seenTo`, a sequence), otherwise to the end. */
  readonly toLatest = (seenTo: number): void => void this.#dispatch({ type: 'latest', seenTo });

  /** Scrolls as the key does when the list has the focus. */
  readonly scrollBy = (key: Exclude<ScrollKey, 'End'>): void => void this.#dispatch({ type: 'key', key });

  /** Scrolls to a row, with some of the messages before it visible above. */
  readonly toRow = (key: string): void => {
    const height = this.#context.scroller.current?.clientHeight ?? 0;
    this.toPlace({ at: 'row', key, top: Math.min(Math.round(height / 3), FOUND_TOP_PX) });
  };

  readonly toPlace = (place: ScrollPlace): void => void this.#dispatch({ type: 'place', place });

  readonly onScroll = (): void => void this.#dispatch({ type: 'scroll' });

  readonly onScrollEnd = (): void => void this.#dispatch({ type: 'scrollEnd' });

  readonly onResize = (): void => {
    this.#dispatch({ type: 'resize' });
    this.refresh();
  };

  /** Restores the position after a change of the items. Must be called before paint. */
  onItems(): void {
    const { memory, conversation } = this.#context;
    this.#dispatch({ type: 'items', kept: memory.read(conversation) });
  }

  /** Retries until the opening place is reached. Returns a stop function. */
  waitForArrival(): () => void {
    let tries = 0;
    const timer = setInterval(() => {
      tries += 1;
      const { scrollTo } = this.#dispatch({ type: 'retry', last: tries === ARRIVAL_TRIES_MAX });
      if (scrollTo === null) clearInterval(timer);
    }, SETTLE_MS);
    return () => clearInterval(timer);
  }

  /** Records when the user last did something that may scroll. Returns a function that stops it. */
  listenForIntent(): () => void {
    const element = this.#context.scroller.current;
    const onIntent = () => {
      this.#dispatch({ type: 'intent' });
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
    this.#dispatch({ type: 'look' });
  }

  #dispatch(event: ScrollEvent): ScrollStep {
    const { items, shift, isEnd, opensAt, scroller, list, memory, conversation, onNearStart } = this.#context;
    const isDrawn = scroller.current !== null && list.current !== null;
    const measures = isDrawn ? measuresOf(scroller.current, list.current) : null;
    const { shown } = this.#state;
    const step = reduceScroll(this.#state, event, { now: performance.now(), items, shift, isEnd, opensAt, measures });
    this.#state = step.state;
    // Scrolls the element, because the list would scroll there again with each measured row, even after the user has scrolled away.
    if (step.scrollTo !== null && scroller.current !== null) scroller.current.scrollTop = step.scrollTo;
    if (step.keep !== null) memory.keep(conversation, step.keep);
    if (shown !== step.state.shown) for (const listener of this.#listeners) listener();
    if (step.nearStart) onNearStart();
    this.#setFrame();
    return step;
  }

  /** Requests a frame while the state aims at a row. */
  #setFrame(): void {
    if (this.#state.aim === null) this.stop();
    else
      this.#frame ??= requestAnimationFrame(() => {
        this.#frame = null;
        this.#dispatch({ type: 'frame' });
      });
  }
}
