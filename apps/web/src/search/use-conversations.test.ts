// @vitest-environment happy-dom
import type { ConversationHit, ConversationSearchOptions, ConversationsFound, Search } from '@everywire/chat-client';
import { act } from '@testing-library/react';
import { expect, test } from 'vitest';
import { fakeTimeouts } from '../test-kit/fake-timeouts.js';
import { pendingCalls } from '../test-kit/pending-calls.js';
import { chatWith, renderHookInPage } from '../test-kit/render-in-page.js';
import { useConversations } from './use-conversations.js';

const hit = (id: number): ConversationHit => ({
  id,
  kind: 'group',
  title: `g${id}`,
  picture: null,
  peer: null,
  memberCount: 3,
});
const at = (place: number) => ({ activity: place }) as unknown as NonNullable<ConversationsFound['next']>;

const wait = fakeTimeouts();

/** Renders the hook. `asks` are the searches, which a test answers. */
function open(query: string) {
  const asks = pendingCalls<[string, ConversationSearchOptions | undefined], ConversationsFound>();
  const search = { conversations: (text, options) => asks.call(text, options) } as Partial<Search> as Search;
  const { result, rerender, unmount } = renderHookInPage((now: string) => useConversations(now), {
    chat: chatWith({ search }),
    initialProps: query,
  });
  const shown = () => [result.current.conversations.map(({ id }) => id), result.current.more];
  const asked = () => asks.given.map(([text, options]) => [text, options?.after ?? null]);
  const aborted = () => asks.given.map(([, options]) => options?.signal?.aborted);
  return { asks, asked, aborted, shown, type: rerender, unmount, loadMore: () => act(() => result.current.loadMore()) };
}

test('conversations are searched 200 ms after the last key, and not for an empty query', async () => {
  const { asked, type, shown } = open('');
  await wait(1_000);
  type('t');
  await wait(199);
  type('te');
  await wait(199);
  expect([asked(), shown()]).toEqual([[], [[], false]]);
  await wait(1);
  expect(asked()).toEqual([['te', null]]);
});

test('results stay while a newer query loads or fails, and are cleared with the query', async () => {
  const { asks, type, shown } = open('t');
  await wait(200);
  await asks.answer(0, { conversations: [hit(1)], next: null });
  expect(shown()).toEqual([[1], false]);
  type('te');
  await wait(200);
  expect(shown()).toEqual([[1], false]);
  await asks.refuse(1, 'offline');
  expect(shown()).toEqual([[1], false]);
  type('');
  expect(shown()).toEqual([[], false]);
});

test('an older search is aborted and its answer dropped', async () => {
  const { asks, aborted, type, shown, unmount } = open('t');
  await wait(200);
  type('te');
  expect(aborted()).toEqual([true]);
  await wait(200);
  await asks.answer(1, { conversations: [hit(2)], next: null });
  await asks.answer(0, { conversations: [hit(1)], next: at(1) });
  expect([shown(), aborted()]).toEqual([
    [[2], false],
    [true, false],
  ]);
  unmount();
  expect(aborted()).toEqual([true, true]);
});

test('more results follow the loaded ones, once, and only for the same query', async () => {
  const { asks, asked, type, shown, loadMore } = open('t');
  await wait(200);
  await asks.answer(0, { conversations: [hit(1)], next: at(1) });
  expect(shown()).toEqual([[1], true]);
  loadMore();
  loadMore();
  expect(asked().slice(1)).toEqual([
    ['t', at(1)],
    ['t', at(1)],
  ]);
  await asks.answer(1, { conversations: [hit(2)], next: at(2) });
  await asks.answer(2, { conversations: [hit(2)], next: at(2) });
  expect(shown()).toEqual([[1, 2], true]);
  loadMore();
  await asks.refuse(3, 'offline');
  expect(shown()).toEqual([[1, 2], true]);
  loadMore();
  type('te');
  await wait(200);
  await asks.answer(5, { conversations: [hit(9)], next: null });
  await asks.answer(4, { conversations: [hit(3)], next: null });
  expect(shown()).toEqual([[9], false]);
});

test('a further page of an older query is dropped, even if the newer one has the same position', async () => {
  const { asks, type, shown, loadMore } = open('t');
  const same = at(1);
  await wait(200);
  await asks.answer(0, { conversations: [hit(1)], next: same });
  loadMore();
  type('te');
  await wait(200);
  await asks.answer(2, { conversations: [hit(9)], next: same });
  await asks.answer(1, { conversations: [hit(3)], next: null });
  expect(shown()).toEqual([[9], true]);
});
