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
  test('is the first message that was unread when the conversation opened, also while it is in front', () => {
    focus(true);
    expect(open({ firstUnread: 'm4', unreadNow: 1 }).key()).toBe('m4');
  });

  test('stays null for a message that came in view, also after the window lost focus', () => {
    focus(true);
    const { key, change } = open({ firstUnread: null, unreadNow: 0 });
    expect(key()).toBeNull();
    change({ firstUnread: 'm9', unreadNow: 1 });
    expect(key()).toBeNull();
    focus(false);
    change({ firstUnread: 'm9', unreadNow: 2 });
    expect(key()).toBeNull();
  });

  test('stays where it is for a message that came while the window was not in front', () => {
    focus(false);
    const { key, change } = open({ firstUnread: null, unreadNow: 0 });
    change({ firstUnread: 'm9', unreadNow: 1 });
    expect(key()).toBe('m9');
    focus(true);
    change({ firstUnread: 'm9', unreadNow: 0 });
    expect(key()).toBe('m9');
  });

  test('appears once the first unread message of the opening is loaded, although its count is back at zero', () => {
    focus(true);
    const { key, change } = open({ firstUnread: null, unreadNow: 3 });
    expect(key()).toBeNull();
    change({ firstUnread: 'm2', unreadNow: 0 });
    expect(key()).toBe('m2');
  });
});
