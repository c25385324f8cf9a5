// @vitest-environment happy-dom
import { act, renderHook } from '@testing-library/react';
import { describe, expect, test, vi } from 'vitest';
import { pendingCalls } from '../test-kit/pending-calls.js';
import { useAttempt } from './use-attempt.js';

/** Renders the hook. `attempt` begins an attempt, which a test ends by `acts`. */
function open() {
  const { result } = renderHook(() => useAttempt());
  const acts = pendingCalls<[], void>();
  const attempt = (action = acts.call) => act(async () => void result.current.attempt(action));
  return { acts, attempt, hook: () => result.current, shown: () => [result.current.busy, result.current.problem] };
}

describe('useAttempt', () => {
  test('useAttempt is busy until the action settles', async () => {
    const { acts, attempt, shown } = open();
    expect(shown()).toEqual([false, null]);
    await attempt();
    expect(shown()).toEqual([true, null]);
    await acts.answer(0, undefined);
    expect(shown()).toEqual([false, null]);
  });

  test('useAttempt runs no second action while one is running', async () => {
    const { acts, attempt } = open();
    const other = vi.fn(async () => undefined);
    await attempt();
    await attempt(other);
    expect(other).not.toHaveBeenCalled();
    await acts.answer(0, undefined);
    await attempt(other);
    expect(other).toHaveBeenCalledTimes(1);
  });

  test('useAttempt shows the error code until the next attempt or until it is cleared', async () => {
    const { acts, attempt, shown, hook } = open();
    await attempt();
    await acts.refuse(0, 'denied');
    expect(shown()).toEqual([false, 'denied']);
    await attempt();
    expect(shown()).toEqual([true, null]);
    await acts.refuse(1, 'offline');
    expect(shown()).toEqual([false, 'offline']);
    act(() => hook().clear());
    expect(shown()).toEqual([false, null]);
  });

  test('useAttempt reports an error without a code as internal', async () => {
    const { attempt, shown } = open();
    await attempt(async () => {
      throw new Error('no code');
    });
    expect(shown()).toEqual([false, 'internal']);
  });
});
