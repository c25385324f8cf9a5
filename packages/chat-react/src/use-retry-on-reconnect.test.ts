// @vitest-environment happy-dom
import type { ChatSnapshot } from '@everywire/chat-client';
import { act, cleanup } from '@testing-library/react';
import { afterEach, expect, test } from 'vitest';
import { useRetryOnReconnect } from './index.js';
import { renderBelow, Source } from './test-kit/render-below.js';

// Tests `useRetryOnReconnect`, by which a component repeats a failed request once the connection is open again.
// `repeats` counts the requests to repeat.

afterEach(cleanup);

/** Renders the hook with this state of the connection. `note` reports the outcome of a request. */
function open(state: 'open' | 'reconnecting') {
  const chat = new Source({ connection: { state } } as ChatSnapshot);
  const view = renderBelow(chat, () => useRetryOnReconnect(), undefined);
  return {
    repeats: () => view.now().repeats,
    note: (failed: boolean) => act(() => view.now().note(failed)),
    become: (now: 'open' | 'reconnecting') => chat.set({ connection: { state: now } } as ChatSnapshot),
  };
}

test('a request that failed without a connection is repeated once when it opens', () => {
  const { repeats, note, become } = open('reconnecting');
  note(true);
  become('open');
  expect(repeats()).toBe(1);
  become('reconnecting');
  become('open');
  expect(repeats()).toBe(1);
});

test('a request that was answered, or failed on an open connection, is not repeated', () => {
  const { repeats, note, become } = open('open');
  note(true);
  expect(repeats()).toBe(0);
  note(false);
  become('reconnecting');
  become('open');
  expect(repeats()).toBe(0);
});
