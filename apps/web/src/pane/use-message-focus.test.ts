// @vitest-environment happy-dom
import { act, cleanup, renderHook } from '@testing-library/react';
import type { KeyboardEvent } from 'react';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { linWan, message } from '../../fixtures/cast.js';
import type { TimelineItem } from './timeline-items.js';
import { useMessageFocus } from './use-message-focus.js';

const item = (sequence: number): TimelineItem => ({
  type: 'message',
  key: `m${sequence}`,
  row: message(sequence, linWan, 1, 'x'),
  head: true,
  tail: true,
  stamped: true,
  lastWaiting: false,
});
const day: TimelineItem = { type: 'day', key: 'day', at: 1 };
const list = [day, item(1), { type: 'new', key: 'new' } as const, item(2), item(3)];

let frames: (() => void)[] = [];
const frame = () =>
  act(() => {
    for (const callback of frames.splice(0)) callback();
  });

beforeEach(() => {
  frames = [];
  vi.stubGlobal('requestAnimationFrame', (callback: () => void) => frames.push(callback));
  vi.stubGlobal('cancelAnimationFrame', () => {
    frames = [];
  });
});
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

/** Renders the hook over a list of rows. */
function open(items: readonly TimelineItem[] = list, lastInView: string | null = null) {
  const scroller = document.createElement('div');
  document.body.replaceChildren(scroller);
  const rowOf = (key: string, focusable = true) => {
    const row = document.createElement('article');
    row.dataset['key'] = key;
    if (focusable) row.tabIndex = -1;
    else row.focus = () => undefined;
    return row;
  };
  scroller.append(...items.map(({ key }) => rowOf(key)));
  // Rows are 100 px high.
  const getItemOffset = (index: number) => index * 100;
  const findItemIndex = (offset: number) => Math.min(items.length - 1, Math.floor(offset / 100));
  const onExtend = vi.fn();
  const toEnd = vi.fn();
  const { result, rerender } = renderHook(
    (now: { readonly items: readonly TimelineItem[]; readonly lastInView: string | null }) =>
      useMessageFocus({
        ...now,
        onExtend,
        newest: 'm3',
        toEnd,
        list: { current: { viewportSize: 200, getItemOffset, getItemSize: () => 100, findItemIndex } as never },
        scroller: { current: scroller },
      }),
    { initialProps: { items, lastInView } },
  );
  const row = (key: string) => scroller.querySelector<HTMLElement>(`[data-key="${key}"]`) as HTMLElement;
  const press = (key: string, on: HTMLElement, modifiers: Partial<KeyboardEvent> = {}) => {
    const preventDefault = vi.fn();
    const event = { key, target: on, currentTarget: scroller, preventDefault, ...modifiers };
    act(() => result.current.onKeyDown(event as unknown as KeyboardEvent<HTMLElement>));
    return preventDefault.mock.calls.length === 1;
  };
  const focus = (target: EventTarget) => act(() => result.current.onFocus({ target }));
  const blur = (relatedTarget: EventTarget | null) =>
    act(() => result.current.onBlur({ currentTarget: scroller, relatedTarget }));
  const active = () => (document.activeElement as HTMLElement).dataset['key'] ?? null;
  const shown = () => [result.current.at, result.current.stopKey];
  return { scroller, rowOf, row, press, focus, blur, active, shown, onExtend, toEnd, rerender, hook: result };
}

describe('the tab stop', () => {
  test('the tab stop is the last message or the last one in view, until a message has the focus', () => {
    const { shown, rerender, focus, row } = open();
    expect(shown()).toEqual([-1, 'm3']);
    rerender({ items: list, lastInView: 'm2' });
    expect(shown()).toEqual([-1, 'm2']);
    focus(row('m1'));
    expect(shown()).toEqual([1, 'm1']);
  });

  test('there is no tab stop without messages', () => {
    expect(open([day]).shown()).toEqual([-1, null]);
  });

  test('the tab stop returns to the last message when the focused one is removed', () => {
    const { shown, focus, row, rerender } = open();
    focus(row('m1'));
    rerender({ items: list.slice(2), lastInView: null });
    expect(shown()).toEqual([-1, 'm3']);
  });

  test('the tab stop follows the focus into a part of a message and ignores other elements', () => {
    const { shown, focus, row, scroller } = open();
    const link = row('m2').appendChild(document.createElement('a'));
    focus(link);
    expect(shown()).toEqual([3, 'm2']);
    focus(scroller);
    expect(shown()).toEqual([3, 'm2']);
  });

  test('the tab stop is kept while the focus stays in the list and reset when it leaves', () => {
    const { shown, focus, blur, row } = open();
    focus(row('m1'));
    blur(row('m2'));
    expect(shown()).toEqual([1, 'm1']);
    blur(document.body);
    expect(shown()).toEqual([-1, 'm3']);
    focus(row('m1'));
    blur(null);
    expect(shown()).toEqual([-1, 'm3']);
  });
});

describe('keys on a message', () => {
  test('the arrow keys move the focus from message to message and skip other rows', () => {
    const { scroller, press, row, focus, active, shown, toEnd } = open();
    scroller.scrollTop = 250;
    focus(row('m2'));
    expect(press('ArrowUp', row('m2'))).toBe(true);
    expect([active(), shown(), scroller.scrollTop]).toEqual(['m1', [1, 'm1'], 100]);
    expect(press('ArrowDown', row('m1'))).toBe(true);
    expect([active(), shown(), scroller.scrollTop]).toEqual(['m2', [3, 'm2'], 200]);
    press('End', row('m2'));
    expect([active(), toEnd.mock.calls]).toEqual(['m3', [[]]]);
    press('Home', row('m3'));
    expect(active()).toBe('m1');
  });

  test('the arrow keys stop at the first and the last message', () => {
    const { scroller, press, row, focus, active } = open();
    focus(row('m1'));
    row('m1').focus();
    expect(press('ArrowUp', row('m1'))).toBe(false);
    expect(active()).toBe('m1');
    focus(row('m3'));
    expect(press('ArrowDown', row('m3'))).toBe(false);
    expect(scroller.scrollTop).toBe(0);
  });

  test('moving the focus with Shift extends the selection', () => {
    const { press, row, focus, onExtend } = open();
    focus(row('m2'));
    press('ArrowUp', row('m2'));
    expect(onExtend).not.toHaveBeenCalled();
    press('ArrowDown', row('m1'), { shiftKey: true });
    expect(onExtend.mock.calls).toEqual([['m1', 'm2']]);
  });

  test.each(['altKey', 'ctrlKey', 'metaKey'])('keys with %s are left to the browser', (modifier) => {
    const { press, row, focus, shown } = open();
    focus(row('m2'));
    expect(press('ArrowUp', row('m2'), { [modifier]: true })).toBe(false);
    expect(press('Escape', row('m2'), { [modifier]: true })).toBe(false);
    expect(shown()).toEqual([3, 'm2']);
  });

  test('keys inside a message and unknown keys are ignored', () => {
    const { press, row, focus, shown } = open();
    const link = row('m2').appendChild(document.createElement('a'));
    focus(link);
    expect([press('ArrowUp', link), press('Escape', link), press('x', row('m2'))]).toEqual([false, false, false]);
    expect(shown()).toEqual([3, 'm2']);
  });

  test('Escape focuses the composer of the pane', () => {
    const { press, row, scroller } = open();
    const pane = document.createElement('div');
    pane.className = 'pane';
    const field = document.createElement('textarea');
    field.dataset['composer'] = '';
    document.body.append(pane);
    pane.append(scroller, field);
    expect(press('Escape', row('m2'))).toBe(true);
    expect(document.activeElement).toBe(field);
  });
});

describe('a requested focus', () => {
  test('a requested message is focused once it is rendered, even after a few frames', () => {
    const { hook, scroller, rowOf, active, shown, blur, rerender } = open();
    rerender({ items: [...list, item(4)], lastInView: null });
    act(() => hook.current.focusRow('m4'));
    expect([active(), shown(), frames.length]).toEqual([null, [5, 'm4'], 1]);
    // An element that takes the focus meanwhile does not cancel the request.
    blur(null);
    expect(shown()).toEqual([5, 'm4']);
    frame();
    scroller.append(rowOf('m4'));
    frame();
    expect([active(), frames.length]).toEqual(['m4', 0]);
    blur(null);
    expect(shown()).toEqual([-1, 'm4']);
  });

  test('a focus request is dropped after sixty frames', () => {
    const { hook, scroller, rowOf } = open();
    scroller.append(rowOf('m4', false));
    act(() => hook.current.focusRow('m4'));
    for (let tries = 1; tries <= 59; tries++) frame();
    expect(frames).toHaveLength(1);
    frame();
    expect(frames).toHaveLength(0);
  });

  test('a focus request is dropped as soon as the user types', () => {
    const { hook, scroller, rowOf, active } = open();
    act(() => hook.current.focusRow('m4'));
    const field = document.body.appendChild(document.createElement('textarea'));
    field.focus();
    field.dispatchEvent(new Event('input', { bubbles: true }));
    scroller.append(rowOf('m4'));
    frame();
    expect([active(), document.activeElement, frames.length]).toEqual([null, field, 0]);
  });

  test('a message is found by a key that contains a space', () => {
    const { hook, scroller, rowOf, active } = open();
    scroller.append(rowOf('sent 4'));
    act(() => hook.current.focusRow('sent 4'));
    expect(active()).toBe('sent 4');
  });
});

describe('the Page keys', () => {
  const long = [day, ...[1, 2, 3, 4, 5, 6, 7].map(item)];

  test('Page keys move the focus by about a viewport, to a message, within the list', () => {
    const { press, focus, row, active } = open(long);
    row('m6').focus();
    focus(row('m6'));
    const steps = ['PageUp', 'PageUp', 'PageUp', 'PageDown', 'PageDown', 'PageDown', 'PageDown'].map((key) => {
      press(key, row(active() ?? ''));
      return active();
    });
    expect(steps).toEqual(['m4', 'm2', 'm1', 'm3', 'm5', 'm7', 'm7']);
  });

  test('Page keys reach the next message even if it is taller than the viewport, and pass none of unknown height', () => {
    const { press, focus, row, active } = open(long);
    row('m2').focus();
    focus(row('m2'));
    row('m4').style.visibility = 'hidden';
    press('PageDown', row('m2'));
    expect(active()).toBe('m3');
  });
});

describe('a focused message that is removed', () => {
  test('the focus of a removed message moves to the row in its place or to the message after it', () => {
    const { row, rowOf, focus, active, rerender } = open();
    row('m2').focus();
    focus(row('m2'));
    row('m2').replaceWith(rowOf('m2'));
    expect(active()).toBeNull();
    rerender({ items: list.map((one) => ({ ...one })), lastInView: null });
    expect(active()).toBe('m2');
    row('m2').remove();
    rerender({ items: list.filter(({ key }) => key !== 'm2'), lastInView: null });
    expect(active()).toBe('m3');
  });

  test('removing a message does not take the focus from elsewhere', () => {
    const { row, focus, blur, active, rerender } = open();
    row('m2').focus();
    focus(row('m2'));
    blur(null);
    row('m2').remove();
    rerender({ items: list.filter(({ key }) => key !== 'm2'), lastInView: null });
    expect(active()).toBeNull();
  });

  test('removing a message has no effect after the focus has moved elsewhere', () => {
    const { row, focus, active, rerender } = open();
    row('m2').focus();
    focus(row('m2'));
    row('m2').remove();
    const field = document.body.appendChild(document.createElement('textarea'));
    act(() => field.focus());
    field.blur();
    rerender({ items: list.filter(({ key }) => key !== 'm2'), lastInView: null });
    expect([active(), document.activeElement]).toEqual([null, document.body]);
  });
});
