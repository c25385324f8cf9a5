// @vitest-environment happy-dom
import { act, cleanup, renderHook } from '@testing-library/react';
import type { VirtualizerHandle } from 'virtua';
import { afterEach, expect, test, vi } from 'vitest';
import { linWan, message } from '../../fixtures/cast.js';
import type { TimelineItem } from './timeline-items.js';
import { useSeen } from './use-seen.js';

const items = [1, 2, 3, 4].map(
  (sequence): TimelineItem => ({
    type: 'message',
    key: `m${sequence}`,
    row: message(sequence, linWan, 1, 'x'),
    head: true,
    tail: true,
    stamped: true,
    lastWaiting: false,
  }),
);

afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

test('a row counts as seen once it and those above it are measured, and the end with the last one', () => {
  const frames: (() => void)[] = [];
  vi.stubGlobal('requestAnimationFrame', (callback: () => void) => frames.push(callback));
  vi.stubGlobal('cancelAnimationFrame', () => undefined);
  const scroller = document.createElement('div');
  document.body.replaceChildren(scroller);
  // As drawn first: the second row is hidden until it is measured, the fourth not in the page yet.
  scroller.innerHTML =
    '<p data-key="m1"></p><div style="visibility: hidden"><p data-key="m2"></p></div><p data-key="m3"></p>';
  const handle = { scrollOffset: 0, viewportSize: 400, findItemIndex: (px: number) => Math.floor(px / 100) };
  const list = { current: handle as unknown as VirtualizerHandle };
  const input = { items, list, scroller: { current: scroller }, arrived: true, atEnd: true };
  const { result } = renderHook(() => useSeen(input));
  const { upTo, last, end } = result.current.seen;
  expect([upTo, last, end]).toEqual([1, 1, false]);

  scroller.querySelector('div')?.removeAttribute('style');
  scroller.insertAdjacentHTML('beforeend', '<p data-key="m4"></p>');
  act(() => frames.shift()?.());
  expect(result.current.seen).toEqual({ upTo: 4, last: 4, end: true, mentions: new Set() });
  expect(frames).toEqual([]);
});
