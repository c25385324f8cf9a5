// @vitest-environment happy-dom
import { act, cleanup, render } from '@testing-library/react';
import { afterEach, expect, test, vi } from 'vitest';
import { en } from '../i18n/en.js';
import { LoadingText } from './loading-text.js';

afterEach(() => {
  cleanup();
  vi.useRealTimers();
});

test('a load of more than 10 s says that it continues', () => {
  vi.useFakeTimers();
  const { container } = render(<LoadingText text={en.loadingMessages} />);
  act(() => void vi.advanceTimersByTime(9_999));
  expect(container.textContent).toBe(en.loadingMessages);
  act(() => void vi.advanceTimersByTime(1));
  expect(container.textContent).toBe(en.stillLoading);
});
