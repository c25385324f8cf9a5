import { act } from '@testing-library/react';
import { afterEach, beforeEach, vi } from 'vitest';

/**
 * Stops `setTimeout` for each test of the file that calls this. The function it returns lets so many milliseconds pass, and renders what
 * follows from them.
 */
export function fakeTimeouts(): (ms: number) => Promise<void> {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  });
  afterEach(() => {
    vi.useRealTimers();
  });
  return (ms) => act(async () => void (await vi.advanceTimersByTimeAsync(ms)));
}
