// @vitest-environment happy-dom
import { renderHook } from '@testing-library/react';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { useUnreadKey } from './use-unread-key.js';

interface Given {
  readonly firstUnread: string | null;
  readonly unreadNow: number;
}

const focus = (focused: boolean) => vi.spyOn(document, 'hasFocus').mockReturnValue(focused);

function open(given: Given) {
  const { result, rerender } = renderHook((now: Given) => useUnreadKey(now.firstUnread, now.unreadNow), {
    initialProps: given,
  });
  return { key: () => result.current, change: (next: Given) => rerender(next) };
}

afterEach(() => {
  vi.restoreAllMocks();
});

describe('the key of the unread line', () => {
  test('the unread line marks the first message that was unread on opening, even while the page has the focus', () => {
    focus(true);
    expect(open({ firstUnread: 'm4', unreadNow: 1 }).key()).toBe('m4');
  });

  test('there is no unread line for a message that arrived in view, even after the page loses the focus', () => {
    focus(true);
    const { key, change } = open({ firstUnread: null, unreadNow: 0 });
    expect(key()).toBeNull();
    change({ firstUnread: 'm9', unreadNow: 1 });
    expect(key()).toBeNull();
    focus(false);
    change({ firstUnread: 'm9', unreadNow: 2 });
    expect(key()).toBeNull();
  });

  test('the unread line stays for a message that arrived while the page had no focus', () => {
    focus(false);
    const { key, change } = open({ firstUnread: null, unreadNow: 0 });
    change({ firstUnread: 'm9', unreadNow: 1 });
    expect(key()).toBe('m9');
    focus(true);
    change({ firstUnread: 'm9', unreadNow: 0 });
    expect(key()).toBe('m9');
  });

  test('the unread line appears once the first unread message loads, even if the count is zero by then', () => {
    focus(true);
    const { key, change } = open({ firstUnread: null, unreadNow: 3 });
    expect(key()).toBeNull();
    change({ firstUnread: 'm2', unreadNow: 0 });
    expect(key()).toBe('m2');
  });
});
