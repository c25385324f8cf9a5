// @vitest-environment happy-dom
import { renderHook } from '@testing-library/react';
import { expect, test } from 'vitest';
import { fakeTimeouts } from '../test-kit/fake-timeouts.js';
import { useSettled } from './use-settled.js';

const wait = fakeTimeouts();

test('a view settles 0.2 seconds after it is ready', async () => {
  const { result, rerender } = renderHook(({ ready }) => useSettled(ready), { initialProps: { ready: false } });
  await wait(60_000);
  expect(result.current).toBe(false);
  rerender({ ready: true });
  await wait(199);
  expect(result.current).toBe(false);
  await wait(1);
  expect(result.current).toBe(true);
});
