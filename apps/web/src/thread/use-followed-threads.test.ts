// @vitest-environment happy-dom
import type { FollowedThreads, FollowedThreadView } from '@everywire/chat-client';
import { act } from '@testing-library/react';
import { expect, test } from 'vitest';
import { pendingCalls } from '../test-kit/pending-calls.js';
import { chatWith, renderHookInPage } from '../test-kit/render-in-page.js';
import { useFollowedThreads } from './use-followed-threads.js';

const thread = (root: number) => ({ conversation: 7, root }) as Partial<FollowedThreadView> as FollowedThreadView;
const at = (sequence: number) => ({ sentAt: 1, conversation: 7, sequence });

/** Renders the hook. `asks` are the requests to the server, which a test answers. */
function open() {
  const asks = pendingCalls<[FollowedThreads['next']], FollowedThreads>();
  const { result, rerender, unmount } = renderHookInPage((unread: number) => useFollowedThreads(unread), {
    chat: chatWith({ threads: asks.call }),
    initialProps: 0,
  });
  const shown = () => {
    const { threads, next, problem, loading } = result.current;
    return [threads.map(({ root }) => root), next, problem, loading];
  };
  return { asks, shown, rerender, unmount, loadMore: () => act(() => result.current.loadMore()) };
}

test('useFollowedThreads loads the threads, and more after the last one', async () => {
  const { asks, shown, loadMore } = open();
  expect([asks.given, shown()]).toEqual([[[null]], [[], null, null, true]]);
  await asks.answer(0, { threads: [thread(1)], next: at(1) });
  expect(shown()).toEqual([[1], at(1), null, false]);
  loadMore();
  expect([asks.given[1], shown()]).toEqual([[at(1)], [[1], at(1), null, true]]);
  await asks.answer(1, { threads: [thread(2)], next: null });
  expect(shown()).toEqual([[1, 2], null, null, false]);
});

test('useFollowedThreads loads again when the unread count changes, not on each render', async () => {
  const { asks, shown, rerender } = open();
  await asks.answer(0, { threads: [thread(1)], next: null });
  rerender(0);
  expect(asks.given).toHaveLength(1);
  rerender(2);
  expect([asks.given.length, shown()]).toEqual([2, [[1], null, null, false]]);
  await asks.answer(1, { threads: [thread(3)], next: null });
  expect(shown()).toEqual([[3], null, null, false]);
});

test('useFollowedThreads drops the answer and the failure of an older request', async () => {
  const { asks, shown, rerender } = open();
  rerender(1);
  rerender(2);
  await asks.answer(2, { threads: [thread(3)], next: null });
  await asks.answer(0, { threads: [thread(1)], next: null });
  await asks.refuse(1, 'offline');
  expect(shown()).toEqual([[3], null, null, false]);
});

test('useFollowedThreads drops a further page if the list was loaded again in the meantime', async () => {
  const { asks, shown, rerender, loadMore } = open();
  await asks.answer(0, { threads: [thread(1)], next: at(1) });
  loadMore();
  rerender(1);
  await asks.answer(2, { threads: [thread(3)], next: at(3) });
  await asks.answer(1, { threads: [thread(2)], next: null });
  expect(shown()).toEqual([[3], at(3), null, false]);
});

test('useFollowedThreads shows an error along with the loaded threads, until the next answer', async () => {
  const { asks, shown, loadMore, rerender } = open();
  await asks.refuse(0, 'offline');
  expect(shown()).toEqual([[], null, 'offline', false]);
  rerender(1);
  await asks.answer(1, { threads: [thread(1)], next: at(1) });
  expect(shown()).toEqual([[1], at(1), null, false]);
  loadMore();
  await asks.refuse(2, 'rate_limited');
  expect(shown()).toEqual([[1], at(1), 'rate_limited', false]);
  loadMore();
  await asks.answer(3, { threads: [thread(2)], next: null });
  expect(shown()).toEqual([[1, 2], null, null, false]);
});
