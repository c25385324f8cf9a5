// @vitest-environment happy-dom
import { act, cleanup, renderHook } from '@testing-library/react';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { useNow } from './use-now.js';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'Date'], now: 1_000 });
});
afterEach(() => {
  cleanup();
  vi.useRealTimers();
});

const pass = (ms: number) => act(() => vi.advanceTimersByTime(ms));

test('useNow advances with each interval', () => {
  const { result, unmount } = renderHook(() => useNow(500));
  expect(result.current).toBe(1_000);
  pass(499);
  expect(result.current).toBe(1_000);
  pass(1);
  expect(result.current).toBe(1_500);
  pass(1_000);
  expect(result.current).toBe(2_500);
  unmount();
  expect(vi.getTimerCount()).toBe(0);
});

test('useNow stops without an interval and is current when one is given again', () => {
  const { result, rerender } = renderHook((everyMs: number | null) => useNow(everyMs), {
    initialProps: null as number | null,
  });
  pass(700);
  expect([result.current, vi.getTimerCount()]).toEqual([1_000, 0]);
  rerender(500);
  expect(result.current).toBe(1_700);
  pass(500);
  expect(result.current).toBe(2_200);
  rerender(null);
  pass(5_000);
  expect([result.current, vi.getTimerCount()]).toEqual([2_200, 0]);
});
