// @vitest-environment happy-dom
import type { Presence } from '@everywire/chat-client';
import { ClientContext } from '@everywire/chat-react';
import { renderHook } from '@testing-library/react';
import { expect, test } from 'vitest';
import { chatWith } from '../test-kit/render-in-page.js';
import { ConnectedContext } from './connected-context.js';
import { dotOf, usePresence } from './presence.js';

const unknown: Presence = { state: 'unknown' };
const online: Presence = { state: 'online' };
const away: Presence = { state: 'away', lastSeenAt: 7 };

/** Renders the hook for the users 2 and 3. `shown` renders it again and returns their presence. */
function watch(chat = chatWith()) {
  let connected = true;
  const reported = new Map<number, Presence>();
  const client = Object.assign(chat, { presence: (user: number) => reported.get(user) ?? unknown });
  const { result, rerender } = renderHook(() => usePresence([2, 3]), {
    wrapper: ({ children }) => (
      <ConnectedContext value={connected}>
        <ClientContext value={client}>{children}</ClientContext>
      </ConnectedContext>
    ),
  });
  return {
    setPresence: (user: number, presence: Presence) => reported.set(user, presence),
    shown: (nowConnected = true) => {
      connected = nowConnected;
      rerender();
      return [result.current(2), result.current(3)];
    },
  };
}

test('presence shows the current state, and the last known one after the connection is lost', () => {
  const { setPresence, shown } = watch();
  expect(shown()).toEqual([unknown, unknown]);
  setPresence(2, online);
  setPresence(3, away);
  expect(shown()).toEqual([online, away]);
  expect(shown(false)).toEqual([{ state: 'was-online' }, away]);
  setPresence(2, away);
  setPresence(3, unknown);
  expect(shown(false)).toEqual([{ state: 'was-online' }, away]);
  expect(shown()).toEqual([away, away]);
  expect(shown(false)).toEqual([away, away]);
});

test('presence that was never known stays unknown without a connection', () => {
  const { setPresence, shown } = watch();
  setPresence(2, online);
  expect(shown(false)).toEqual([unknown, unknown]);
});

test('presence known to one account is unknown to the next', () => {
  const first = watch();
  first.setPresence(2, online);
  first.shown();
  expect(watch().shown(false)).toEqual([unknown, unknown]);
});

test.each([
  [{ state: 'online' }, 'here'],
  [{ state: 'was-online' }, 'was'],
  [{ state: 'away', lastSeenAt: null }, null],
  [{ state: 'unknown' }, null],
] as const)('the dot of %j is %j', (presence, dot) => {
  expect(dotOf(presence)).toBe(dot);
});
