// @vitest-environment happy-dom
import { act } from '@testing-library/react';
import { describe, expect, test } from 'vitest';
import { fakeTimeouts } from '../test-kit/fake-timeouts.js';
import { pendingCalls } from '../test-kit/pending-calls.js';
import { renderHookInPage } from '../test-kit/render-in-page.js';
import { useFound } from './use-found.js';

interface Page {
  readonly items: readonly string[];
  readonly next: number | null;
}

const wait = fakeTimeouts();

function open(query = '') {
  const asks = pendingCalls<[string, number | null], Page>();
  const { result, rerender, unmount } = renderHookInPage((now: string) => useFound(now, asks.call), {
    initialProps: query,
  });
  const shown = () => {
    const { items, more, loading, problem } = result.current;
    return { items, more, loading, problem };
  };
  return { asks, shown, unmount, type: rerender, loadMore: () => act(() => result.current.loadMore()) };
}

describe('useFound', () => {
  test('asks at once for an empty query', async () => {
    const { asks, shown } = open();
    expect(shown()).toEqual({ items: [], more: false, loading: true, problem: null });
    await wait(0);
    expect(asks.given).toEqual([['', null]]);
    await asks.answer(0, { items: ['a'], next: 1 });
    expect(shown()).toEqual({ items: ['a'], more: true, loading: false, problem: null });
  });

  test('asks for what was typed last, 150 ms after the last key', async () => {
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

  test('from its first render on, another question is loading', async () => {
    const asks = pendingCalls<[string, number | null], Page>();
    const renders: (readonly [string, boolean])[] = [];
    const { rerender } = renderHookInPage(
      (query: string) => {
        renders.push([query, useFound(query, asks.call).loading]);
      },
      { initialProps: 'li' },
    );
    await wait(150);
    await asks.answer(0, { items: [], next: null });
    expect(renders.at(-1)).toEqual(['li', false]);
    rerender('lin');
    expect(renders.filter(([query]) => query === 'lin').map(([, loading]) => loading)).not.toContain(false);
  });

  test('keeps what it found while a newer question loads, and drops the answer to the older one', async () => {
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

  test('drops the failure of an older question', async () => {
    const { asks, shown, type } = open();
    await wait(0);
    type('b');
    await asks.refuse(0, 'offline');
    expect(shown()).toEqual({ items: [], more: false, loading: true, problem: null });
  });

  test('keeps what it found beside the code of a failure, which the next answer clears', async () => {
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

  test('asks nothing once it is gone', async () => {
    const { asks, unmount } = open('a');
    unmount();
    await wait(1_000);
    expect(asks.given).toEqual([]);
  });
});

describe('more of what was found', () => {
  async function withPage(query = '') {
    const opened = open(query);
    await wait(150);
    await opened.asks.answer(0, { items: ['a'], next: 1 });
    return opened;
  }

  test('follows what is there, until there is no more', async () => {
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

  test('is added once where it was asked for twice', async () => {
    const { asks, shown, loadMore } = await withPage();
    loadMore();
    loadMore();
    await asks.answer(1, { items: ['b'], next: 2 });
    await asks.answer(2, { items: ['b'], next: 2 });
    expect(shown().items).toEqual(['a', 'b']);
  });

  test('is dropped where another question was answered meanwhile, also at the same place', async () => {
    const { asks, shown, loadMore, type } = await withPage();
    loadMore();
    type('y');
    await wait(150);
    await asks.answer(2, { items: ['y'], next: 1 });
    await asks.answer(1, { items: ['b'], next: 2 });
    expect(shown()).toEqual({ items: ['y'], more: true, loading: false, problem: null });
  });

  test('says why it could not be had', async () => {
    const { asks, shown, loadMore } = await withPage();
    loadMore();
    await asks.refuse(1, 'rate_limited');
    expect(shown()).toEqual({ items: ['a'], more: true, loading: false, problem: 'rate_limited' });
  });
});
