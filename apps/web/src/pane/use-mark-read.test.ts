// @vitest-environment happy-dom
import type { Timeline } from '@everywire/chat-client';
import { cleanup, renderHook } from '@testing-library/react';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { useMarkRead } from './use-mark-read.js';

const markRead = vi.fn();
const timeline = { markRead } as Partial<Timeline> as Timeline;
const focused = vi.spyOn(document, 'hasFocus');
const visible = vi.spyOn(document, 'visibilityState', 'get');

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
  markRead.mockClear();
  focused.mockReturnValue(true);
  visible.mockReturnValue('visible');
});
afterEach(() => {
  cleanup();
  vi.useRealTimers();
});

interface Given {
  readonly lastKey: string | undefined;
  readonly seen: number | null;
}

const open = (given: Given) =>
  renderHook((now: Given) => useMarkRead(timeline, now.lastKey, now.seen), { initialProps: given });

const marked = () => markRead.mock.calls.map(([seen]) => seen);

test('what comes into view is marked read at once, then every 0.3 s, also while the user scrolls without a pause', () => {
  const { rerender } = open({ lastKey: 'm9', seen: 1 });
  vi.advanceTimersByTime(0);
  expect(marked()).toEqual([1]);
  for (let seen = 2; seen <= 8; seen += 1) {
    rerender({ lastKey: 'm9', seen });
    vi.advanceTimersByTime(100);
  }
  expect(marked()).toEqual([1, 4, 7]);
  vi.advanceTimersByTime(300);
  expect(marked()).toEqual([1, 4, 7, 8]);
});

test('a new last message at the end is marked read, and nothing before anything is in view', () => {
  const { rerender } = open({ lastKey: 'm1', seen: null });
  vi.advanceTimersByTime(1_000);
  expect(marked()).toEqual([]);
  rerender({ lastKey: 'm1', seen: Number.POSITIVE_INFINITY });
  vi.advanceTimersByTime(1_000);
  rerender({ lastKey: 'm2', seen: Number.POSITIVE_INFINITY });
  vi.advanceTimersByTime(1_000);
  expect(marked()).toHaveLength(2);
});

test.each([
  ['the window is not focused', () => focused.mockReturnValue(false), 'focus'],
  ['the page is hidden', () => visible.mockReturnValue('hidden'), 'visibilitychange'],
] as const)('nothing is marked read while %s, until it is in front again', (_, lose, event) => {
  lose();
  const { rerender } = open({ lastKey: 'm1', seen: 1 });
  rerender({ lastKey: 'm2', seen: 2 });
  vi.advanceTimersByTime(1_000);
  expect(marked()).toEqual([]);
  focused.mockReturnValue(true);
  visible.mockReturnValue('visible');
  (event === 'focus' ? window : document).dispatchEvent(new Event(event));
  expect(marked()).toEqual([2]);
});

test('a conversation that was closed is not marked read any more', () => {
  const { unmount } = open({ lastKey: 'm1', seen: 1 });
  unmount();
  vi.advanceTimersByTime(1_000);
  window.dispatchEvent(new Event('focus'));
  document.dispatchEvent(new Event('visibilitychange'));
  expect(marked()).toEqual([]);
});
