// @vitest-environment happy-dom
import type { ConversationEntry, TimelineRow, TimelineSnapshot } from '@everywire/chat-client';
import { expect, test } from 'vitest';
import { linWan } from '../../fixtures/cast.js';
import { defaultEntry } from '../../fixtures/default-entry.js';
import { ConnectedContext } from '../app/connected-context.js';
import { en } from '../i18n/en.js';
import { renderInPage } from '../test-kit/render-in-page.js';
import { EmptyLog } from './empty-log.js';

const identity = { id: 7, kind: 'group', title: 'Harbour', peer: null, memberCount: 3, activityAt: 1 } as const;
const lastSent = { sequence: 9, sender: linWan, text: 'the tide turns', service: null, pending: false };
const entry: ConversationEntry = { ...defaultEntry, ...identity, lastSent };
/** A conversation of which nothing was loaded. */
const unloaded: TimelineSnapshot = {
  ...{ rows: [], atStart: false, loading: true, unreadKey: null, unreadSought: false },
  ...{ pins: [], typing: [], error: null },
};
const row = (sequence: number | null) => ({ type: 'message', key: 'k', sequence }) as TimelineRow;

/** Returns what is shown in place of, or above, the messages. */
function shown(connected: boolean, snapshot: Partial<TimelineSnapshot>, root: number | null = null): string {
  const { container } = renderInPage(
    <ConnectedContext value={connected}>
      <EmptyLog entry={entry} root={root} snapshot={{ ...unloaded, ...snapshot }} />
    </ConnectedContext>,
  );
  return container.textContent;
}

test.each([
  ['nothing', []],
  ['only an unsent message', [row(null)]],
])(
  'without a connection, a conversation with %s loaded shows the last message and when older ones appear',
  (_what, rows) => {
    const text = shown(false, { rows });
    expect(text).toContain('the tide turns');
    expect(text).toContain(en.olderWhenOnline);
    expect(text).not.toContain(en.loadingMessages);
  },
);

test('a thread shows no message of the conversation', () => {
  expect(shown(false, {}, 3)).toBe(en.olderWhenOnline);
});

test.each([
  ['with a connection, an unloaded conversation', true, {}, en.loadingMessages],
  ['with a connection, an unsent message', true, { rows: [row(null)] }, ''],
  ['without a connection, loaded messages', false, { rows: [row(4), row(null)] }, ''],
  ['without a connection, a conversation that has none', false, { atStart: true, loading: false }, en.noMessages],
])('%s: no promise of older messages', (_what, connected, snapshot, text) => {
  expect(shown(connected, snapshot)).toBe(text);
});
