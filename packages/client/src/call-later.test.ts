import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { callLater } from './call-later.js';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it('a call after any number of milliseconds is not made early', () => {
  const days = 86_400_000;
  const called: number[] = [];
  for (const ms of [0, 5_000, 30 * days, 2 ** 31, Number.POSITIVE_INFINITY]) callLater(ms, () => called.push(ms));
  callLater(40 * days, () => called.push(-1))();
  vi.advanceTimersByTime(5_000);
  expect(called).toEqual([0, 5_000]);
  vi.advanceTimersByTime(60 * days);
  expect(called).toEqual([0, 5_000, 2 ** 31, 30 * days]);
});
