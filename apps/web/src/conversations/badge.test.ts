import { describe, expect, test } from 'vitest';
import { badgeOf, isMuted, waitingCount } from './badge.js';

const now = 1_000;
const plain = { unread: 0, threadsUnread: 0, mentions: 0, marked: false, mutedUntil: 0, place: 'normal' } as const;

describe('the badge of a conversation', () => {
  test('a badge is quiet while muted, and not from the instant the mute ends', () => {
    expect(isMuted({ mutedUntil: now + 1 }, now)).toBe(true);
    expect(isMuted({ mutedUntil: now }, now)).toBe(false);
    expect(badgeOf({ ...plain, unread: 3, mutedUntil: now + 1 }, now)).toMatchObject({ unread: 3, quiet: true });
    expect(badgeOf({ ...plain, unread: 3, mutedUntil: now }, now)).toMatchObject({ unread: 3, quiet: false });
  });

  test('a badge is quiet in the archive, but not when pinned', () => {
    expect(badgeOf({ ...plain, place: 'archived' }, now).quiet).toBe(true);
    expect(badgeOf({ ...plain, place: 'pinned' }, now).quiet).toBe(false);
  });

  test('a badge shows a mention, muted or not', () => {
    expect(badgeOf({ ...plain, unread: 2, mentions: 1, mutedUntil: now + 1 }, now)).toMatchObject({ mentioned: true });
  });

  test('a badge counts threads separately from other unread messages', () => {
    expect(badgeOf({ ...plain, unread: 2, threadsUnread: 3 }, now)).toMatchObject({ unread: 2, inThreads: 3 });
    expect(waitingCount([{ ...plain, unread: 2, threadsUnread: 3 }], now)).toBe(2);
  });

  test('a badge shows a manual mark only if there is no unread count', () => {
    expect(badgeOf({ ...plain, marked: true }, now).marked).toBe(true);
    expect(badgeOf({ ...plain, marked: true, unread: 1 }, now).marked).toBe(false);
  });

  test('the title counts unread messages that are not quiet, mentions everywhere, and marks', () => {
    const entries = [
      { ...plain, unread: 3 },
      { ...plain, unread: 40, mentions: 2, mutedUntil: now + 1 },
      { ...plain, unread: 9, place: 'archived' },
      { ...plain, marked: true },
    ] as const;
    expect(waitingCount(entries, now)).toBe(6);
  });
});
