// @vitest-environment happy-dom
import type { MessageHit, MessageSearchOptions, MessagesFound, Search } from '@everywire/chat-client';
import { act } from '@testing-library/react';
import { expect, test } from 'vitest';
import { linWan } from '../../fixtures/cast.js';
import { fakeTimeouts } from '../test-kit/fake-timeouts.js';
import { pendingCalls } from '../test-kit/pending-calls.js';
import { chatWith, renderHookInPage } from '../test-kit/render-in-page.js';
import { useMessages } from './use-messages.js';

const hit = (sequence: number): MessageHit => ({
  conversation: 7,
  place: null,
  sequence,
  id: `${sequence}`,
  sender: linWan,
  text: 'x',
  files: [],
  sentAt: 1,
});
const at = (sequence: number) => ({ sentAt: sequence, conversation: 7, sequence });

const wait = fakeTimeouts();

interface Given {
  readonly query: string;
  readonly conversation: number | null;
}

/** Renders the hook. `asks` are the searches, which a test answers. */
function open(given: Given = { query: 'tern', conversation: null }) {
  const asks = pendingCalls<[string, MessageSearchOptions | undefined], MessagesFound>();
  const search = { messages: (text, options) => asks.call(text, options) } as Partial<Search> as Search;
  const { result, rerender, unmount } = renderHookInPage(
    ({ query, conversation }: Given) => useMessages(query, conversation),
    { chat: chatWith({ search }), initialProps: given },
  );
  const shown = () => {
    const { query, hits, next, problem, loading } = result.current;
    return [query, hits.map(({ sequence }) => sequence), next, problem, loading];
  };
  const asked = () => asks.given.map(([text, options]) => [text, options?.conversation, options?.after]);
  const aborted = () => asks.given.map(([, options]) => options?.signal?.aborted);
  const progress = (index: number, found: MessagesFound) => act(() => asks.given[index]?.[1]?.onProgress?.(found));
  const loadMore = () => act(() => result.current.loadMore());
  return {
    asks,
    asked,
    aborted,
    progress,
    shown,
    rerender,
    unmount,
    loadMore,
    stop: () => act(() => result.current.stop()),
  };
}

test('messages are searched 200 ms after the last key, in all conversations or in one', async () => {
  const { asked, shown, rerender } = open();
  expect(shown()).toEqual(['', [], null, null, true]);
  await wait(199);
  rerender({ query: 'terns', conversation: 7 });
  await wait(199);
  expect(asked()).toEqual([]);
  await wait(1);
  expect([asked(), shown()]).toEqual([[['terns', 7, null]], ['', [], null, null, true]]);
});

test('results are shown while the search continues', async () => {
  const { asks, progress, shown } = open();
  await wait(200);
  progress(0, { hits: [hit(9)], next: at(9) });
  expect(shown()).toEqual(['tern', [9], at(9), null, true]);
  await asks.answer(0, { hits: [hit(9), hit(8)], next: at(8) });
  expect(shown()).toEqual(['tern', [9, 8], at(8), null, false]);
});

test('loadMore continues after the loaded results', async () => {
  const { asks, asked, progress, shown, loadMore } = open();
  await wait(200);
  await asks.answer(0, { hits: [hit(9)], next: at(9) });
  loadMore();
  expect([asked()[1], shown()]).toEqual([
    ['tern', null, at(9)],
    ['tern', [9], at(9), null, true],
  ]);
  progress(1, { hits: [hit(8)], next: at(8) });
  expect(shown()).toEqual(['tern', [9, 8], at(8), null, true]);
  await asks.answer(1, { hits: [hit(8), hit(7)], next: null });
  expect(shown()).toEqual(['tern', [9, 8, 7], null, null, false]);
});

test('a stopped search keeps its results and gets no more', async () => {
  const { asks, aborted, progress, shown, stop } = open();
  await wait(200);
  progress(0, { hits: [hit(9)], next: at(9) });
  stop();
  expect([shown(), aborted()]).toEqual([['tern', [9], at(9), null, false], [true]]);
  progress(0, { hits: [hit(9), hit(8)], next: at(8) });
  await asks.answer(0, { hits: [hit(9), hit(8)], next: at(8) });
  expect(shown()).toEqual(['tern', [9], at(9), null, false]);
});

test('an older search is aborted, and its answer and failure are dropped', async () => {
  const { asks, aborted, shown, rerender, unmount } = open();
  await wait(200);
  rerender({ query: 'gull', conversation: null });
  expect([aborted(), shown()]).toEqual([[true], ['', [], null, null, true]]);
  await wait(200);
  await asks.answer(0, { hits: [hit(9)], next: null });
  expect(shown()).toEqual(['', [], null, null, true]);
  rerender({ query: 'plover', conversation: null });
  await wait(200);
  await asks.refuse(1, 'offline');
  expect(shown()).toEqual(['', [], null, null, true]);
  unmount();
  expect(aborted()).toEqual([true, true, true]);
});

test('a failure is shown without the results of another query', async () => {
  const { asks, shown, rerender, loadMore } = open();
  await wait(200);
  await asks.answer(0, { hits: [hit(9)], next: at(9) });
  loadMore();
  await asks.refuse(1, 'rate_limited');
  expect(shown()).toEqual(['tern', [9], at(9), 'rate_limited', false]);
  loadMore();
  await asks.answer(2, { hits: [hit(8)], next: at(8) });
  expect(shown()).toEqual(['tern', [9, 8], at(8), null, false]);
  rerender({ query: 'gull', conversation: null });
  await wait(200);
  await asks.refuse(3, 'search_too_short');
  expect(shown()).toEqual(['gull', [], null, 'search_too_short', false]);
});

test('a new query is loading from its first render', async () => {
  const asks = pendingCalls<[string, MessageSearchOptions | undefined], MessagesFound>();
  const search = { messages: (text, options) => asks.call(text, options) } as Partial<Search> as Search;
  const renders: (readonly [string, number | null, boolean])[] = [];
  const { rerender } = renderHookInPage(
    ({ query, conversation }: Given) => {
      renders.push([query, conversation, useMessages(query, conversation).loading]);
    },
    { chat: chatWith({ search }), initialProps: { query: 'tern', conversation: null } as Given },
  );
  const others: readonly Given[] = [
    { query: 'gull', conversation: null },
    { query: 'gull', conversation: 7 },
  ];
  for (const [index, other] of others.entries()) {
    await wait(200);
    await asks.answer(index, { hits: [], next: null });
    expect(renders.at(-1)?.[2]).toBe(false);
    rerender(other);
    const itsOwn = renders.filter((one) => one[0] === other.query && one[1] === other.conversation);
    expect(itsOwn.map(([, , loading]) => loading)).not.toContain(false);
  }
});

test('nothing is requested after unmount', async () => {
  const { asked, unmount } = open();
  unmount();
  await wait(1_000);
  expect(asked()).toEqual([]);
});

test('a failure in one conversation does not keep the results of another', async () => {
  const { asks, shown, rerender } = open({ query: 'tern', conversation: 7 });
  await wait(200);
  await asks.answer(0, { hits: [hit(1)], next: null });
  rerender({ query: 'tern', conversation: 8 });
  await wait(200);
  await asks.refuse(1, 'offline');
  expect(shown().slice(0, 3)).toEqual(['tern', [], null]);
});
