// @vitest-environment happy-dom
import type { Status } from '@everywire/client';
import { act, cleanup, renderHook } from '@testing-library/react';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { useWireView } from './use-wire-view.js';

const start = 1_000_000;
const online = vi.spyOn(navigator, 'onLine', 'get');
const open: Status = { state: 'open', transport: 'websocket', roundTripMs: 24, attempts: [] };
const fine = { line: 'fine', transport: 'websocket', roundTripMs: 24 };

beforeEach(() => {
  online.mockReturnValue(true);
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'Date'], now: start });
});
afterEach(() => {
  cleanup();
  vi.useRealTimers();
});

/** Renders the hook for a status of the client. */
function shown(initialProps: Status) {
  const { result, rerender } = renderHook((status: Status) => useWireView(status), { initialProps });
  return {
    view: () => result.current,
    change: (status: Status) => {
      rerender(status);
      return result.current;
    },
    pass: (ms: number) => {
      act(() => vi.advanceTimersByTime(ms));
      return result.current;
    },
  };
}

test('a connecting page shows nothing for two seconds, then "connecting", then "offline"', () => {
  const { view, pass } = shown({ state: 'connecting', attempts: [] });
  expect(view()).toEqual({ line: 'fine', transport: null, roundTripMs: null });
  expect(pass(1_500)).toEqual({ line: 'fine', transport: null, roundTripMs: null });
  expect(pass(500)).toEqual({ line: 'again', first: true });
  expect(pass(7_500)).toEqual({ line: 'again', first: true });
  expect(pass(500)).toEqual({ line: 'cut', retry: 'always' });
});

test('a short loss does not change the view', () => {
  const { view, change, pass } = shown(open);
  expect(view()).toEqual(fine);
  expect(change({ state: 'reconnecting', since: start, attempts: [] })).toEqual(fine);
  expect(pass(1_500)).toEqual(fine);
  expect(pass(500)).toEqual({ line: 'again', first: false });
  expect(change({ state: 'closing' } as Status)).toEqual({ line: 'again', first: false });
  expect(change(open)).toEqual(fine);
});

test('a device without a network is shown as offline, not as connecting', () => {
  online.mockReturnValue(false);
  const { change, pass } = shown(open);
  change({ state: 'reconnecting', since: start, attempts: [] });
  expect(pass(2_000)).toEqual({ line: 'cut', retry: 'always' });
});

test('the view counts down to the next attempt', () => {
  const { change, pass } = shown(open);
  const waiting: Status = { state: 'waiting', since: start - 5_000, retryAt: start + 1_200, attempts: [] };
  expect(change(waiting)).toEqual({ line: 'cut', retry: { inSeconds: 2 } });
  expect(pass(500)).toEqual({ line: 'cut', retry: { inSeconds: 1 } });
  expect(pass(1_000)).toEqual({ line: 'cut', retry: { inSeconds: 0 } });
});

test('the view does not update while the connection is open or has ended', () => {
  const { change } = shown(open);
  expect(vi.getTimerCount()).toBe(0);
  change({ state: 'reconnecting', since: start, attempts: [] });
  expect(vi.getTimerCount()).toBe(1);
  expect(change({ state: 'closed' } as Status)).toEqual({ line: 'cut', retry: 'never' });
  expect(vi.getTimerCount()).toBe(0);
});
