// @vitest-environment happy-dom
import { act, cleanup, renderHook } from '@testing-library/react';
import { afterEach, expect, onTestFinished, test } from 'vitest';
import { usePreferences } from '../design/preferences.js';
import { useDateTime } from './use-date-time.js';

afterEach(cleanup);

test('useDateTime formats in the page’s language, with a stable function until it changes', () => {
  const at = new Date(2026, 10, 20, 9, 41).getTime();
  const { result, rerender } = renderHook(() => ({ say: useDateTime(), prefer: usePreferences()[1] }));
  const { say } = result.current;
  expect(say(at).replace(/\s/g, ' ')).toBe('Nov 20, 2026, 9:41 AM');
  rerender();
  expect(result.current.say).toBe(say);
  act(() => result.current.prefer({ language: 'zh' }));
  onTestFinished(() => act(() => result.current.prefer({ language: 'en' })));
  expect(result.current.say(at)).toBe('2026年11月20日 09:41');
});
