// @vitest-environment happy-dom
import { expect, test } from 'vitest';
import { en } from '../i18n/en.js';
import { renderInPage } from '../test-kit/render-in-page.js';
import type { Badge } from './badge.js';
import { RowBadges } from './row-badges.js';

const none: Badge = { unread: 0, inThreads: 0, quiet: false, mentioned: false, marked: false };

/** Returns the class, the visible text and the text for screen readers of each badge. */
function shown(badge: Partial<Badge>) {
  const { container } = renderInPage(<RowBadges badge={{ ...none, ...badge }} />);
  return [...(container.querySelector('.badges')?.children ?? [])].map((one) => [
    one.className,
    one.querySelector('span:not(.hide)')?.textContent ?? '',
    one.querySelector('.hide')?.textContent,
  ]);
}

test('a row without anything unread has no badge', () => {
  expect(shown({})).toEqual([]);
  expect(shown({ quiet: true })).toEqual([]);
});

test.each([
  [{ unread: 1 }, ['count', '1', en.unreadCount(1)]],
  [{ unread: 999 }, ['count', '999', en.unreadCount(999)]],
  [{ unread: 1_000 }, ['count', '999+', en.unreadCount(1000)]],
  [{ unread: 3, quiet: true }, ['count quiet', '3', en.unreadCount(3)]],
  [{ inThreads: 1 }, ['count in-threads', '1', en.unreadInThreads(1)]],
  [{ inThreads: 1_000, quiet: true }, ['count quiet in-threads', '999+', en.unreadInThreads(1000)]],
  [{ marked: true }, ['count by-hand', '', en.markedUnread]],
  [{ marked: true, quiet: true }, ['count quiet by-hand', '', en.markedUnread]],
  [{ mentioned: true }, ['count call', '@', en.calledMark]],
])('a row with %j has the badge %j', (badge, expected) => {
  expect(shown(badge)).toEqual([expected]);
});

test('the badges of a row have a fixed order', () => {
  const classes = shown({ unread: 2, inThreads: 1, mentioned: true, marked: true }).map(([className]) => className);
  expect(classes).toEqual(['count call', 'count in-threads', 'count', 'count by-hand']);
});
