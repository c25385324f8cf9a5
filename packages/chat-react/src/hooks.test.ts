import type {
  ChatClient,
  ChatSnapshot,
  MemberEntry,
  Presence,
  Timeline,
  TimelineSnapshot,
} from '@everywire/chat-client';
import { createElement, type ReactNode } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, test } from 'vitest';
import {
  ClientContext,
  useChat,
  useClient,
  useMembers,
  useOpenTimeline,
  usePresence,
  useTimelineSnapshot,
} from './index.js';

// Tests the first render of the hooks, as HTML on a server. `live-hooks.test.ts` tests later renders.

const me = { id: 1, name: 'ann', displayName: 'Ann' };
const client = {
  subscribe: () => () => undefined,
  getSnapshot: () =>
    ({ me, connection: { state: 'connecting', attempts: [] } }) as Partial<ChatSnapshot> as ChatSnapshot,
  presence: (user): Presence => (user === 2 ? { state: 'online' } : { state: 'unknown' }),
  members: async () => ({ members: [] as MemberEntry[], more: false }),
} as Partial<ChatClient> as ChatClient;

/** Returns the HTML of a component below this client. */
const draw = (component: () => ReactNode, value: ChatClient | null = client) =>
  renderToStaticMarkup(createElement(ClientContext.Provider, { value }, createElement(component)));

describe('hooks', () => {
  test('hooks use the client above, and throw without one', () => {
    expect(draw(() => useChat().me.displayName)).toBe('Ann');
    expect(() => draw(() => useClient().getSnapshot().me.name, null)).toThrow('no chat client');
  });

  test('hooks return what is known before any answer', () => {
    expect(draw(() => String(useOpenTimeline(7)))).toBe('null');
    expect(draw(() => JSON.stringify(useMembers(7, 3).members))).toBe('[]');
    const known = draw(() => {
      const presence = usePresence([2, 3]);
      return [presence(2).state, presence(3).state].join();
    });
    expect(known).toBe('online,unknown');
  });

  test('`useTimelineSnapshot` returns the snapshot of a timeline', () => {
    const snapshot = { loading: true } as TimelineSnapshot;
    const timeline = { subscribe: () => () => undefined, getSnapshot: () => snapshot } as Partial<Timeline> as Timeline;
    expect(draw(() => String(useTimelineSnapshot(timeline) === snapshot))).toBe('true');
  });
});
