// @vitest-environment happy-dom
import { act } from '@testing-library/react';
import { describe, expect, test } from 'vitest';
import { fakeTimeouts } from '../test-kit/fake-timeouts.js';
import { pendingCalls } from '../test-kit/pending-calls.js';
import { renderHookInPage } from '../test-kit/render-in-page.js';
import { usePagedSearch } from './use-paged-search.js';

/** One page of results. */
interface Page {
  readonly items: readonly string[];
  readonly next: number | null;
}

const wait = fakeTimeouts();

/** Renders the hook. `asks` are the requests, which a test answers. */
function open(query = '') {
  const asks = pendingCalls<[string, number | null], Page>();
  const { result, rerender, unmount } = renderHookInPage((now: string) => usePagedSearch(now, asks.call), {
    initialProps: query,
  });
  const shown = () => {
    const { items, more, loading, problem } = result.current;
    return { items, more, loading, problem };
  };
  return { asks, shown, unmount, type: rerender, loadMore: () => act(() => result.current.loadMore()) };
}

describe('usePagedSearch', () => {
  test('usePagedSearch searches immediately for an empty query', async () => {
    const { asks, shown } = open();
    expect(shown()).toEqual({ items: [], more: false, loading: true, problem: null });
    await wait(0);
    expect(asks.given).toEqual([['', null]]);
    await asks.answer(0, { items: ['a'], next: 1 });
    expect(shown()).toEqual({ items: ['a'], more: true, loading: false, problem: null });
  });

  test('usePagedSearch searches for the last input, 150 ms after the last key', async () => {
    const { asks, shown, type } = open('l');
    await wait(149);
    type('li');
    await wait(149);
    expect(asks.given).toEqual([]);
    await wait(1);
    expect(asks.given).toEqual([['li', null]]);
    await asks.answer(0, { items: ['lin'], next: null });
    expect(shown()).toEqual({ items: ['lin'], more: false, loading: false, problem: null });
  });

  test('usePagedSearch is loading from the first render with a new query', async () => {
    const asks = pendingCalls<[string, number | null], Page>();
    const renders: (readonly [string, boolean])[] = [];
    const { rerender } = renderHookInPage(
      (query: string) => {
        renders.push([query, usePagedSearch(query, asks.call).loading]);
      },
      { initialProps: 'li' },
    );
    await wait(150);
    await asks.answer(0, { items: [], next: null });
    expect(renders.at(-1)).toEqual(['li', false]);
    rerender('lin');
    expect(renders.filter(([query]) => query === 'lin').map(([, loading]) => loading)).not.toContain(false);
  });

  test('usePagedSearch keeps its results while a newer query loads, and drops the older answer', async () => {
    const { asks, shown, type } = open();
    await wait(0);
    await asks.answer(0, { items: ['a'], next: null });
    type('b');
    expect(shown()).toEqual({ items: ['a'], more: false, loading: true, problem: null });
    await wait(150);
    type('bc');
    await wait(150);
    await asks.answer(2, { items: ['bc'], next: null });
    await asks.answer(1, { items: ['b'], next: 1 });
    expect(shown()).toEqual({ items: ['bc'], more: false, loading: false, problem: null });
  });

  test('usePagedSearch drops the failure of an older query', async () => {
    const { asks, shown, type } = open();
    await wait(0);
    type('b');
    await asks.refuse(0, 'offline');
    expect(shown()).toEqual({ items: [], more: false, loading: true, problem: null });
  });

  test('usePagedSearch keeps its results along with an error code, which the next answer clears', async () => {
    const { asks, shown, type } = open();
    await wait(0);
    await asks.answer(0, { items: ['a'], next: null });
    type('b');
    await wait(150);
    await asks.refuse(1, 'offline');
    expect(shown()).toEqual({ items: ['a'], more: false, loading: false, problem: 'offline' });
    type('c');
    await wait(150);
    await asks.answer(2, { items: [], next: null });
    expect(shown()).toEqual({ items: [], more: false, loading: false, problem: null });
  });

  test('usePagedSearch sends no request after unmount', async () => {
    const { asks, unmount } = open('a');
    unmount();
    await wait(1_000);
    expect(asks.given).toEqual([]);
  });
});

describe('loadMore', () => {
  async function withPage(query = '') {
    const opened = open(query);
    await wait(150);
    await opened.asks.answer(0, { items: ['a'], next: 1 });
    return opened;
  }

  test('loadMore appends pages until the end', async () => {
    const { asks, shown, loadMore } = await withPage('x');
    loadMore();
    expect(asks.given[1]).toEqual(['x', 1]);
    await asks.answer(1, { items: ['b'], next: 2 });
    expect(shown()).toEqual({ items: ['a', 'b'], more: true, loading: false, problem: null });
    loadMore();
    expect(asks.given[2]).toEqual(['x', 2]);
    await asks.answer(2, { items: ['c'], next: null });
    expect(shown()).toEqual({ items: ['a', 'b', 'c'], more: false, loading: false, problem: null });
  });

  test('a page requested twice is appended once', async () => {
    const { asks, shown, loadMore } = await withPage();
    loadMore();
    loadMore();
    await asks.answer(1, { items: ['b'], next: 2 });
    await asks.answer(2, { items: ['b'], next: 2 });
    expect(shown().items).toEqual(['a', 'b']);
  });

  test('a page is dropped if another query was answered in the meantime, even at the same position', async () => {
    const { asks, shown, loadMore, type } = await withPage();
    loadMore();
    type('y');
    await wait(150);
    await asks.answer(2, { items: ['y'], next: 1 });
    await asks.answer(1, { items: ['b'], next: 2 });
    expect(shown()).toEqual({ items: ['y'], more: true, loading: false, problem: null });
  });

  test('a page that fails to load shows its error code', async () => {
    const { asks, shown, loadMore } = await withPage();
    loadMore();
    await asks.refuse(1, 'rate_limited');
    expect(shown()).toEqual({ items: ['a'], more: true, loading: false, problem: 'rate_limited' });
  });
});
