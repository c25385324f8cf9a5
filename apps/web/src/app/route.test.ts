// @vitest-environment happy-dom
import { act, renderHook } from '@testing-library/react';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { pageHistory } from './page-history.js';
import {
  clearMessageInRoute,
  closeThread,
  goBack,
  goToConversation,
  goToList,
  goToMessage,
  goToPerson,
  goToThread,
  linkToMessage,
  useMessageInRoute,
  useRoute,
  useThreadInRoute,
} from './route.js';

/** Returns what the page at this address shows. */
function showing(conversation = 12, thread: number | null = null) {
  const { result } = renderHook(() => ({
    conversation: useRoute(),
    thread: useThreadInRoute(conversation),
    message: useMessageInRoute(conversation, thread),
  }));
  return () => [result.current.conversation, result.current.thread, result.current.message];
}

const at = (hash: string, state: object | null = null) => history.replaceState(state, '', `/app?x=1${hash}`);
const address = () => `${location.pathname}${location.search}${location.hash}`;
const entries = () => history.length;

beforeEach(() => at(''));

describe('reading the address', () => {
  test.each([
    ['', [null, null, null]],
    ['#/c/12', [12, null, null]],
    ['#/c/12/m/345', [12, null, 345]],
    ['#/c/13/m/345', [13, null, null]],
    ['#/c/12/t/34', [12, 34, null]],
    ['#/c/13/t/34', [13, null, null]],
    ['#/c/12/t/34/m/345', [12, 34, null]],
    [`#/c/${'9'.repeat(15)}`, [999_999_999_999_999, null, null]],
    [`#/c/${'9'.repeat(16)}`, [null, null, null]],
    ['#/c/12/', [null, null, null]],
    ['#/c/', [null, null, null]],
    ['#/c/x', [null, null, null]],
    ['#/x/c/12', [null, null, null]],
    ['#/c/12/m/3/t/4', [null, null, null]],
  ])('%j: conversation, thread and message %j', (hash, shown) => {
    at(hash);
    expect(showing()()).toEqual(shown);
  });

  test('a message of a thread is shown only in that thread', () => {
    at('#/c/12/t/34/m/345');
    expect(showing(12, 34)()).toEqual([12, 34, 345]);
    expect(showing(12, 35)()).toEqual([12, 34, null]);
  });
});

describe('opening a place', () => {
  test('opening a conversation from the list adds a history entry, opening one from another replaces it', () => {
    const shown = showing();
    const before = entries();
    act(() => goToConversation(12));
    expect([shown(), address(), entries() - before]).toEqual([[12, null, null], '/app?x=1#/c/12', 1]);
    expect(history.state).toEqual({ fromList: true });
    act(() => goToConversation(13));
    expect([shown()[0], entries() - before, history.state]).toEqual([13, 1, { fromList: true }]);
  });

  test('opening the open conversation keeps its thread and message', () => {
    at('#/c/12/t/34');
    goToConversation(12);
    expect(address()).toBe('/app?x=1#/c/12/t/34');
  });

  test('opening a message closes the thread and opens its conversation', () => {
    at('#/c/12/t/34');
    const shown = showing();
    act(() => goToMessage(12, 345));
    expect([shown(), location.hash]).toEqual([[12, null, 345], '#/c/12/m/345']);
  });

  test('opening a thread of the open conversation adds an entry, so that Back closes it', () => {
    at('#/c/12', { fromList: true });
    const shown = showing(12, 34);
    const before = entries();
    act(() => goToThread(12, 34, 345));
    expect([shown(), location.hash, entries() - before]).toEqual([[12, 34, 345], '#/c/12/t/34/m/345', 1]);
    expect(history.state).toEqual({ fromConversation: true });
  });

  test('another thread replaces the open one, and a thread elsewhere replaces the conversation', () => {
    at('#/c/12/t/34', { fromConversation: true });
    const before = entries();
    goToThread(12, 35);
    expect([location.hash, history.state, entries() - before]).toEqual(['#/c/12/t/35', { fromConversation: true }, 0]);
    at('#/c/13', { fromList: true });
    goToThread(12, 35);
    expect([location.hash, history.state, entries() - before]).toEqual(['#/c/12/t/35', { fromList: true }, 0]);
  });

  test('opening a thread from the list adds a history entry', () => {
    const before = entries();
    goToThread(12, 35);
    expect([location.hash, history.state, entries() - before]).toEqual(['#/c/12/t/35', { fromList: true }, 1]);
  });
});

describe('leaving a place', () => {
  test('a thread opened from its conversation closes by going back', () => {
    at('#/c/12/t/34', { fromConversation: true });
    const back = vi.spyOn(pageHistory, 'back').mockImplementation(() => undefined);
    closeThread();
    expect([back.mock.calls.length, location.hash]).toEqual([1, '#/c/12/t/34']);
    back.mockRestore();
  });

  test('a thread opened by a link closes by replacing the address', () => {
    at('#/c/12/t/34', { fromList: true });
    const shown = showing();
    act(closeThread);
    expect([shown(), location.hash, history.state]).toEqual([[12, null, null], '#/c/12', { fromList: true }]);
  });

  test('closing a thread is a no-op if none is open', () => {
    at('#/c/12', { fromConversation: true });
    const back = vi.spyOn(pageHistory, 'back').mockImplementation(() => undefined);
    closeThread();
    expect([back.mock.calls.length, location.hash]).toEqual([0, '#/c/12']);
    back.mockRestore();
  });

  test('returning to the list goes back if the user came from it', () => {
    at('#/c/12', { fromList: true });
    const back = vi.spyOn(pageHistory, 'back').mockImplementation(() => undefined);
    goToList();
    expect([back.mock.calls.length, location.hash]).toEqual([1, '#/c/12']);
    back.mockRestore();
  });

  test('after opening a person from a conversation, Back returns to it and the list is two steps away', () => {
    at('#/c/12', { fromList: true });
    const shown = showing();
    const before = entries();
    act(() => goToPerson(13));
    expect([shown()[0], entries() - before]).toEqual([13, 1]);
    act(() => goToPerson(13));
    act(() => goToConversation(14));
    expect([shown()[0], entries() - before]).toEqual([14, 1]);
    const back = vi.spyOn(pageHistory, 'back').mockImplementation(() => undefined);
    goBack();
    goToList();
    expect(back.mock.calls).toEqual([[], [2]]);
    back.mockRestore();
  });

  test('opening a person when nothing is open adds an entry above the list', () => {
    act(() => goToPerson(13));
    expect([location.hash, history.state]).toEqual(['#/c/13', { fromList: true }]);
  });

  test('Back leads to a conversation opened by a link, then to the list in its place', () => {
    at('#/c/12');
    act(() => goToPerson(13));
    const back = vi.spyOn(pageHistory, 'back').mockImplementation(() => undefined);
    goBack();
    expect(back.mock.calls).toEqual([[]]);
    at('#/c/12');
    act(goBack);
    expect([back.mock.calls.length, address()]).toEqual([1, '/app?x=1']);
    goBack();
    expect(address()).toBe('/app?x=1');
    back.mockRestore();
  });

  test('returning to the list replaces the address if a link led here, and removes the fragment', () => {
    at('#/c/12', null);
    const shown = showing();
    const back = vi.spyOn(pageHistory, 'back').mockImplementation(() => undefined);
    act(goToList);
    expect(back).not.toHaveBeenCalled();
    back.mockRestore();
    expect([shown(), address(), history.state]).toEqual([[null, null, null], '/app?x=1', null]);
  });

  test('going to the list is a no-op when it is shown already', () => {
    at('', { fromList: true });
    const back = vi.spyOn(pageHistory, 'back').mockImplementation(() => undefined);
    goToList();
    expect(back).not.toHaveBeenCalled();
    back.mockRestore();
  });

  test('a message that was shown is removed from the address, its thread stays', () => {
    at('#/c/12/t/34/m/345', { fromConversation: true });
    const shown = showing(12, 34);
    act(clearMessageInRoute);
    expect([shown(), location.hash, history.state]).toEqual([
      [12, 34, null],
      '#/c/12/t/34',
      { fromConversation: true },
    ]);
    at('#/c/12/m/345');
    clearMessageInRoute();
    expect(location.hash).toBe('#/c/12');
  });

  test.each(['#/x', '#/c/12', '#/c/12/t/34'])('clearMessageInRoute leaves the address %j unchanged', (hash) => {
    at(hash);
    const replaced = vi.spyOn(history, 'replaceState');
    clearMessageInRoute();
    expect([replaced.mock.calls, location.hash]).toEqual([[], hash]);
    replaced.mockRestore();
  });
});

test('useRoute follows address changes by the browser until unmount', () => {
  const { result, unmount } = renderHook(() => useRoute());
  at('#/c/14');
  act(() => void window.dispatchEvent(new Event('popstate')));
  expect(result.current).toBe(14);
  at('#/c/15');
  act(() => void window.dispatchEvent(new Event('hashchange')));
  expect(result.current).toBe(15);
  const removed = vi.spyOn(window, 'removeEventListener');
  unmount();
  expect(removed.mock.calls.map(([event]) => event)).toEqual(['hashchange', 'popstate', 'everywire:route']);
  removed.mockRestore();
});

test('a link to a message is the page’s address plus the message’s place', () => {
  at('#/c/3');
  expect(linkToMessage(12, 345)).toBe(`${location.origin}/app#/c/12/m/345`);
});
