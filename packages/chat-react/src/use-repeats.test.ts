// @vitest-environment happy-dom
import type { ChatSnapshot } from '@everywire/chat-client';
import { act, cleanup } from '@testing-library/react';
import { afterEach, expect, test } from 'vitest';
import { useRepeats } from './index.js';
import { renderBelow, Source } from './test-kit/render-below.js';

afterEach(cleanup);

function open(state: 'open' | 'reconnecting') {
  const chat = new Source({ connection: { state } } as ChatSnapshot);
  const view = renderBelow(chat, () => useRepeats(), undefined);
  return {
    repeats: () => view.now().repeats,
    note: (failed: boolean) => act(() => view.now().note(failed)),
    become: (now: 'open' | 'reconnecting') => chat.set({ connection: { state: now } } as ChatSnapshot),
  };
}

test('what failed without a connection is repeated once there is one, and once only', () => {
  const { repeats, note, become } = open('reconnecting');
  note(true);
  become('open');
  expect(repeats()).toBe(1);
  become('reconnecting');
  become('open');
  expect(repeats()).toBe(1);
});

test('what was answered is not repeated, and neither is what failed on an open connection', () => {
  const { repeats, note, become } = open('open');
  note(true);
  expect(repeats()).toBe(0);
  note(false);
  become('reconnecting');
  become('open');
  expect(repeats()).toBe(0);
});
