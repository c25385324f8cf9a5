// @vitest-environment happy-dom
import type { TimelineSnapshot } from '@everywire/chat-client';
import { act } from '@testing-library/react';
import { afterEach, expect, test } from 'vitest';
import { linWan, message } from '../../fixtures/cast.js';
import { usePreferences } from '../design/preferences.js';
import { renderHookInPage } from '../test-kit/render-in-page.js';
import type { WireView } from '../wire/wire-view.js';
import { useOpeningPlace } from './use-opening-place.js';

const row = message(1, linWan, 1, 'x');
const held = { rows: [row], unreadSought: false, loading: false } as Partial<TimelineSnapshot> as TimelineSnapshot;
/** The same, after the first unread message was looked for. */
const sought = { ...held, unreadSought: true };
const fine: WireView = { line: 'fine', transport: 'websocket', roundTripMs: 20 };
const again: WireView = { line: 'again', first: false };
const cut: WireView = { line: 'cut', retry: 'always' };

interface Given {
  readonly snapshot: TimelineSnapshot;
  readonly unreadKey: string | null;
  readonly wire: WireView;
}

function open(given: Given) {
  const { result, rerender } = renderHookInPage(
    ({ snapshot, unreadKey, wire }: Given) => useOpeningPlace(snapshot, unreadKey, wire),
    { initialProps: given },
  );
  const shown = () => [result.current.snapshot.rows, result.current.snapshot.loading, result.current.opensAt];
  return {
    shown,
    change: (next: Given) => {
      rerender(next);
      return shown();
    },
  };
}

/** Sets the preference that a conversation opens at its end. */
function prefer(openAtEnd: boolean): void {
  const { result } = renderHookInPage(() => usePreferences());
  act(() => result.current[1]({ openAtEnd }));
}

afterEach(() => prefer(false));

test('a conversation opens at its first unread message or at the end', () => {
  expect(open({ snapshot: held, unreadKey: 'm1', wire: fine }).shown()).toEqual([[row], false, 'm1']);
  expect(open({ snapshot: held, unreadKey: null, wire: fine }).shown()).toEqual([[row], false, null]);
});

test('no messages are shown until the first unread one has loaded', () => {
  const { shown, change } = open({ snapshot: sought, unreadKey: null, wire: fine });
  expect(shown()).toEqual([[], true, null]);
  expect(change({ snapshot: { ...sought, loading: true }, unreadKey: null, wire: fine })).toEqual([[], true, null]);
  expect(change({ snapshot: held, unreadKey: 'm1', wire: fine })).toEqual([[row], false, 'm1']);
});

test('a later search for unread messages hides nothing once the conversation is open', () => {
  const { change } = open({ snapshot: held, unreadKey: 'm1', wire: fine });
  expect(change({ snapshot: sought, unreadKey: 'm1', wire: fine })).toEqual([[row], false, 'm1']);
});

test.each([again, cut])(
  'without a connection a conversation opens at the end of what is loaded and stays there: %j',
  (wire) => {
    const { shown, change } = open({ snapshot: sought, unreadKey: null, wire });
    expect(shown()).toEqual([[row], false, null]);
    expect(change({ snapshot: sought, unreadKey: null, wire: fine })).toEqual([[row], false, null]);
    expect(change({ snapshot: held, unreadKey: 'm1', wire: fine })).toEqual([[row], false, null]);
  },
);

test('a conversation opens at the end if the connection is lost while it waits', () => {
  const { change } = open({ snapshot: sought, unreadKey: null, wire: fine });
  expect(change({ snapshot: sought, unreadKey: null, wire: cut })).toEqual([[row], false, null]);
});

test('a conversation without messages is not open yet', () => {
  const empty = { ...held, rows: [] };
  const { shown, change } = open({ snapshot: empty, unreadKey: null, wire: cut });
  expect(shown()).toEqual([[], false, null]);
  expect(change({ snapshot: sought, unreadKey: null, wire: fine })).toEqual([[], true, null]);
});

test('a conversation opens at the end if the user prefers that, even if the preference changes later', () => {
  prefer(true);
  const { shown, change } = open({ snapshot: sought, unreadKey: null, wire: fine });
  expect(shown()).toEqual([[row], false, null]);
  prefer(false);
  expect(change({ snapshot: held, unreadKey: 'm1', wire: fine })).toEqual([[row], false, null]);
});

test('an open conversation returns the given snapshot unchanged', () => {
  const { result } = renderHookInPage(() => useOpeningPlace(held, 'm1', fine));
  expect(result.current.snapshot).toBe(held);
});
