import { type KeyboardEvent, type RefObject, useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react';
import type { VirtualizerHandle } from 'virtua';
import { focusComposer } from '../composer/focus-composer.js';
import { isMeasured } from './is-measured.js';
import type { TimelineItem } from './timeline-items.js';

interface MessageFocusInput {
  /** Called when the focus moves with Shift held. */
  readonly onExtend: (from: string, to: string) => void;
  /** The last message in view, where Tab enters. */
  readonly lastInView: string | null;
  /** The key of the newest message, which may not be among the items; `null` if there is none. */
  readonly newest: string | null;
  readonly toEnd: () => void;
  readonly items: readonly TimelineItem[];
  readonly list: RefObject<VirtualizerHandle | null>;
  readonly scroller: RefObject<HTMLElement | null>;
}

/** Frames to wait for a row to be measured. */
const FOCUS_TRIES_MAX = 60;

/** Manages the focus in the list: one message is the tab stop; arrows, Home, End and Page keys move it; Escape returns to the composer. */
export function useMessageFocus(input: MessageFocusInput) {
  const { items, list, scroller, lastInView, onExtend, newest, toEnd } = input;
  const [focused, setFocused] = useState<string | null>(null);
  const wanted = useRef<string | null>(null);
  const at = focused === null ? -1 : items.findLastIndex((item) => item.key === focused);
  const lastAt = useRef(-1);
  if (at !== -1) lastAt.current = at;
  const stopKey = items[at]?.key ?? lastInView ?? items.findLast((item) => item.type === 'message')?.key ?? null;

  // The row may only exist after a later render, and cannot be focused before it was measured.
  useLayoutEffect(() => {
    let frame = 0;
    let tries = 0;
    // The focused row was removed. The row now in its place gets the focus, which would otherwise fall to the body.
    if (focused !== null && wanted.current === null && document.activeElement === document.body) {
      const near = at === -1 ? (stepTo(items, lastAt.current, 1) ?? stepTo(items, lastAt.current, -1)) : at;
      wanted.current = near === null ? null : (items[near]?.key ?? null);
    }
    const tryToFocus = () => {
      if (wanted.current === null) return;
      const row = scroller.current?.querySelector<HTMLElement>(`[data-key="${CSS.escape(wanted.current)}"]`) ?? null;
      row?.focus({ preventScroll: true });
      // Its height was only estimated until now.
      row?.scrollIntoView({ block: 'nearest' });
      tries += 1;
      if ((row !== null && document.activeElement === row) || tries > FOCUS_TRIES_MAX) wanted.current = null;
      else frame = requestAnimationFrame(tryToFocus);
    };
    tryToFocus();
    return () => cancelAnimationFrame(frame);
  });

  useEffect(() => {
    // A removed row fires no blur, so the focus is followed by the next `focusin`.
    const onFocusIn = ({ target }: FocusEvent) => {
      const isHere = target instanceof Node && scroller.current?.contains(target) === true;
      if (!isHere && wanted.current === null) setFocused(null);
    };
    // A row must not take the focus while the user is typing.
    const onInput = () => {
      wanted.current = null;
    };
    document.addEventListener('focusin', onFocusIn);
    document.addEventListener('input', onInput);
    return () => {
      document.removeEventListener('focusin', onFocusIn);
      document.removeEventListener('input', onInput);
    };
  }, [scroller]);

  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    if (!(event.target instanceof HTMLElement) || !event.target.matches('[data-key]')) return;
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    if (event.key === 'Escape') {
      event.preventDefault();
      focusComposer(event.currentTarget);
      return;
    }
    // With Shift, the selection is extended within what is loaded.
    if (event.key === 'End' && !event.shiftKey && newest !== null) {
      event.preventDefault();
      focusRow(newest);
      toEnd();
    } else moveFocus(event);
  };

  const moveFocus = (event: KeyboardEvent<HTMLElement>) => {
    const to = pageAway(event.key) ?? nextMessage(items, at, event.key);
    const item = to === null ? undefined : items[to];
    if (to === null || item === undefined) return;
    event.preventDefault();
    if (event.shiftKey) onExtend(focused ?? item.key, item.key);
    wanted.current = item.key;
    setFocused(item.key);
    if (list.current !== null && scroller.current !== null) scrollIntoView(list.current, scroller.current, to);
  };

  /**
   * Returns the farthest message with which all from here on are in view, so that none is skipped; at least the next one. Rows whose height is
   * only estimated end the page.
   */
  const pageAway = (key: string): number | null => {
    const handle = list.current;
    if ((key !== 'PageUp' && key !== 'PageDown') || handle === null || at === -1) return null;
    const step = key === 'PageUp' ? -1 : 1;
    const topOf = (index: number) => handle.getItemOffset(index);
    const bottomOf = (index: number) => topOf(index) + handle.getItemSize(index);
    const fits = (index: number) =>
      (step === 1 ? bottomOf(index) - bottomOf(at) : topOf(at) - topOf(index)) <= handle.viewportSize;
    let to = at + step;
    for (let next = items[to + step]; next !== undefined; next = items[to + step]) {
      if (!isMeasured(scroller.current, next) || !fits(to + step)) break;
      to += step;
    }
    const nearer = stepTo(items, to, -step as 1 | -1);
    return nearer !== null && step * (nearer - at) > 0 ? nearer : stepTo(items, to, step);
  };

  const onFocus = (event: { readonly target: EventTarget }) => {
    const row = event.target instanceof HTMLElement ? event.target.closest<HTMLElement>('[data-key]') : null;
    if (row?.dataset['key'] !== undefined) setFocused(row.dataset['key']);
  };

  const onBlur = (event: { readonly currentTarget: HTMLElement; readonly relatedTarget: EventTarget | null }) => {
    const stays = event.relatedTarget instanceof Node && event.currentTarget.contains(event.relatedTarget);
    if (!stays && wanted.current === null) setFocused(null);
  };

  const focusRow = useCallback((key: string) => {
    wanted.current = key;
    setFocused(key);
  }, []);

  return { at, stopKey, focusRow, onKeyDown, onFocus, onBlur };
}

/** Scrolls the least that shows the row. */
function scrollIntoView(handle: VirtualizerHandle, element: HTMLElement, index: number): void {
  const top = handle.getItemOffset(index);
  const least = top + handle.getItemSize(index) - handle.viewportSize;
  element.scrollTop = Math.min(top, Math.max(least, element.scrollTop));
}

function nextMessage(items: readonly TimelineItem[], from: number, key: string): number | null {
  switch (key) {
    case 'ArrowUp':
      return stepTo(items, from - 1, -1);
    case 'ArrowDown':
      return stepTo(items, from + 1, 1);
    case 'Home':
      return stepTo(items, 0, 1);
    case 'End':
      return stepTo(items, items.length - 1, -1);
    default:
      return null;
  }
}

function stepTo(items: readonly TimelineItem[], from: number, step: 1 | -1): number | null {
  for (let at = from; at >= 0 && at < items.length; at += step) if (items[at]?.type === 'message') return at;
  return null;
}
