// @vitest-environment happy-dom
import type { ConversationEntry } from '@everywire/chat-client';
import { act, cleanup, renderHook } from '@testing-library/react';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { entry } from '../../fixtures/cast.js';
import { usePageTitle } from './page-title.js';

const now = Date.UTC(2026, 10, 20, 9, 41);
const terns = entry({ id: 1, title: 'Terns', activityAt: 1 });

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'Date'], now });
});
afterEach(() => {
  cleanup();
  vi.useRealTimers();
});

/** What the hook depends on. */
interface TitleProps {
  readonly conversations: readonly ConversationEntry[];
  readonly open: ConversationEntry | null;
}

/** Renders the hook and returns a function that renders it again. */
function renderTitle(initialProps: TitleProps) {
  const { rerender } = renderHook((props: TitleProps) => usePageTitle(props.conversations, props.open), {
    initialProps,
  });
  return rerender;
}

test('the page title shows the number of unread messages and the open conversation', () => {
  const change = renderTitle({ conversations: [terns], open: null });
  expect(document.title).toBe('Everywire');
  change({ conversations: [{ ...terns, unread: 1 }], open: null });
  expect(document.title).toBe('(1) Everywire');
  change({
    conversations: [
      { ...terns, unread: 1 },
      { ...terns, unread: 4 },
    ],
    open: terns,
  });
  expect(document.title).toBe('(5) Terns – Everywire');
  change({ conversations: [terns], open: { ...terns, title: 'Gulls' } });
  expect(document.title).toBe('Gulls – Everywire');
});

test('the page title counts a muted conversation within a minute after its mute ends', () => {
  renderTitle({ conversations: [{ ...terns, unread: 2, mutedUntil: now + 30_000 }], open: null });
  expect(document.title).toBe('Everywire');
  act(() => vi.advanceTimersByTime(59_999));
  expect(document.title).toBe('Everywire');
  act(() => vi.advanceTimersByTime(1));
  expect(document.title).toBe('(2) Everywire');
});
