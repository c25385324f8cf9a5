// @vitest-environment happy-dom
import { act, renderHook } from '@testing-library/react';
import { expect, test } from 'vitest';
import { pendingCalls } from '../test-kit/pending-calls.js';
import { useRun } from './use-run.js';

test('useRun shows the code of the last failure until something else is begun', async () => {
  const { result } = renderHook(() => useRun());
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
