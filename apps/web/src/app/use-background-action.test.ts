// @vitest-environment happy-dom
import { act, renderHook } from '@testing-library/react';
import { expect, test } from 'vitest';
import { pendingCalls } from '../test-kit/pending-calls.js';
import { useBackgroundAction } from './use-background-action.js';

test('useBackgroundAction shows the error code of the last failure until the next action begins', async () => {
  const { result } = renderHook(() => useBackgroundAction());
  const acts = pendingCalls<[], void>();
  const run = () => act(() => result.current[1](acts.call()));
  expect(result.current[0]).toBeNull();
  run();
  await acts.refuse(0, 'denied');
  expect(result.current[0]).toBe('denied');
  run();
  expect(result.current[0]).toBeNull();
  run();
  await acts.answer(1, undefined);
  await acts.refuse(2, 'offline');
  expect(result.current[0]).toBe('offline');
});
