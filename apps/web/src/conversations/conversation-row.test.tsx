// @vitest-environment happy-dom
import type { ConversationEntry } from '@everywire/chat-client';
import { expect, test } from 'vitest';
import { entry } from '../../fixtures/cast.js';
import { changePreferences } from '../design/preferences.js';
import { en } from '../i18n/en.js';
import { renderInPage } from '../test-kit/render-in-page.js';
import { ConversationRow } from './conversation-row.js';

/** Returns the text after the name as read by a screen reader. */
function marks(changed: Partial<ConversationEntry>): string {
  changePreferences({ language: 'en' });
  const none = () => undefined;
  const of = { ...entry({ id: 7, title: 'Terns', activityAt: 1 }), ...changed };
  const acts = { own: 1, current: false, tabStop: false, dot: null, now: 1, onOpen: none, onMenu: none } as const;
  const { container } = renderInPage(<ConversationRow entry={of} {...acts} />);
  return container.querySelector('.name .hide')?.textContent ?? '';
}

test.each([
  [{ notify: 'none' }, en.silentMark],
  [{ notify: 'none', mutedUntil: 2 }, en.mutedMark],
  [{ notify: 'mentions' }, ''],
  [{ notify: 'all' }, ''],
] as const)('a conversation with %j has the mark %j', (changed, mark) => {
  expect(marks(changed)).toBe(mark);
});
