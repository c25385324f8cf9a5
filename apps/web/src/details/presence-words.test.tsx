// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { en } from '../i18n/en.js';
import { renderInPage } from '../test-kit/render-in-page.js';
import { PresenceWords } from './presence-words.js';

const now = Date.UTC(2026, 10, 20, 9, 41);

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'Date'], now });
});
afterEach(() => {
  vi.useRealTimers();
});

test.each([
  [{ state: 'online' }, en.online],
  [{ state: 'was-online' }, en.onlineBefore],
  [{ state: 'away', lastSeenAt: now - 12 * 60_000 }, en.activeMinutesAgo(12)],
  [{ state: 'away', lastSeenAt: null }, en.offline],
  [{ state: 'unknown' }, ''],
] as const)('the presence %j is shown as %j', (presence, words) => {
  expect(renderInPage(<PresenceWords presence={presence} />).container.textContent).toBe(words);
});
