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
  markRead.mockClear();
  focused.mockReturnValue(true);
  visible.mockReturnValue('visible');
});
afterEach(cleanup);

interface Given {
  readonly lastKey: string | undefined;
  readonly atEnd: boolean;
}

const open = (given: Given) =>
  renderHook((now: Given) => useMarkRead(timeline, now.lastKey, now.atEnd), { initialProps: given });

const calls = () => markRead.mock.calls.length;

test('the timeline is marked read while its end is in view, once for each last message', () => {
  const { rerender } = open({ lastKey: 'm1', atEnd: true });
  expect(calls()).toBe(1);
  rerender({ lastKey: 'm1', atEnd: true });
  expect(calls()).toBe(1);
  rerender({ lastKey: 'm2', atEnd: true });
  expect(calls()).toBe(2);
});

test('nothing is marked read while the end is out of view or there are no messages', () => {
  const { rerender } = open({ lastKey: 'm1', atEnd: false });
  rerender({ lastKey: undefined, atEnd: true });
  window.dispatchEvent(new Event('focus'));
  expect(calls()).toBe(0);
  rerender({ lastKey: 'm1', atEnd: true });
  expect(calls()).toBe(1);
});

test.each([
  ['the window is not focused', () => focused.mockReturnValue(false), 'focus'],
  ['the page is hidden', () => visible.mockReturnValue('hidden'), 'visibilitychange'],
] as const)('nothing is marked read while %s, until it is in front again', (_, lose, event) => {
  lose();
  const { rerender } = open({ lastKey: 'm1', atEnd: true });
  rerender({ lastKey: 'm2', atEnd: true });
  expect(calls()).toBe(0);
  focused.mockReturnValue(true);
  visible.mockReturnValue('visible');
  (event === 'focus' ? window : document).dispatchEvent(new Event(event));
  expect(calls()).toBe(1);
});

test('a conversation that was closed or scrolled away is not marked read any more', () => {
  const { rerender, unmount } = open({ lastKey: 'm1', atEnd: true });
  rerender({ lastKey: 'm1', atEnd: false });
  window.dispatchEvent(new Event('focus'));
  document.dispatchEvent(new Event('visibilitychange'));
  expect(calls()).toBe(1);
  rerender({ lastKey: 'm1', atEnd: true });
  unmount();
  window.dispatchEvent(new Event('focus'));
  document.dispatchEvent(new Event('visibilitychange'));
  expect(calls()).toBe(2);
});
