import { act } from '@testing-library/react';
import { afterEach, beforeEach, vi } from 'vitest';

/**
 * Fakes `setTimeout` for each test of the calling file. Returns a function that advances the time in milliseconds and renders the effects.
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
