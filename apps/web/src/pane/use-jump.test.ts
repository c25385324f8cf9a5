// @vitest-environment happy-dom
import type { LocatedMessage, Timeline } from '@everywire/chat-client';
import { act, cleanup, renderHook } from '@testing-library/react';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { goToMessage, goToThread } from '../app/route.js';
import { fakeTimeouts } from '../test-kit/fake-timeouts.js';
import { pendingCalls } from '../test-kit/pending-calls.js';
import { createScrollMemory, type ScrollPlace } from './scroll-memory.js';
import type { TimelineItem } from './timeline-items.js';
import { useJump } from './use-jump.js';

const place: ScrollPlace = { at: 'row', key: 'm90', top: 12 };
const items = (...keys: string[]): TimelineItem[] => keys.map((key) => ({ type: 'new', key }));

const wait = fakeTimeouts();
beforeEach(() => {
  history.replaceState(null, '', '/#/c/12');
});
afterEach(() => {
  cleanup();
});

/** Renders the hook. `locate` are the requests for a message, which a test answers. */
function open(root: number | null = null) {
  const locate = pendingCalls<[number], LocatedMessage | null>();
  const memory = createScrollMemory();
  memory.keep(12, place);
  const timeline = { locate: locate.call } as Partial<Timeline> as Timeline;
  const calls = { show: vi.fn(), toRow: vi.fn(), focusRow: vi.fn(), reportFailure: vi.fn(), onThread: vi.fn() };
  const given = { conversation: 12, root, timeline, memory, ...calls, items: items('m90'), atEnd: false };
  let now = given;
  const { result, rerender, unmount } = renderHook((props: typeof given) => useJump(props), { initialProps: given });
  const change = (changed: Partial<typeof given>) => {
    now = { ...now, ...changed };
    rerender(now);
  };
  const shown = () => [result.current.markedKey, result.current.returnTo];
  return { locate, calls, change, shown, unmount, forget: () => act(() => result.current.forget()) };
}

test('a message in the address is located once and removed from the address', async () => {
  const { locate, calls, shown } = open();
  expect([locate.given, shown()]).toEqual([[], [null, null]]);
  act(() => goToMessage(12, 345));
  expect([locate.given, location.hash, calls.reportFailure.mock.calls]).toEqual([[[345]], '#/c/12', [[null]]]);
});

test('a located message is scrolled to, focused and highlighted for two seconds, and the previous place is kept', async () => {
  const { locate, calls, change, shown } = open();
  act(() => goToMessage(12, 345));
  await locate.answer(0, { key: 'm345', thread: null });
  expect([calls.toRow.mock.calls, shown()]).toEqual([[], [null, place]]);
  change({ items: items('m345', 'm90') });
  expect([calls.toRow.mock.calls, calls.focusRow.mock.calls]).toEqual([[['m345']], [['m345']]]);
  expect(shown()).toEqual(['m345', place]);
  change({ items: items('m345', 'm90', 'm91') });
  expect(calls.toRow).toHaveBeenCalledTimes(1);
  await wait(1_999);
  expect(shown()).toEqual(['m345', place]);
  await wait(1);
  expect(shown()).toEqual([null, place]);
});

test('the return place is dropped on request and once the end is in view', async () => {
  const { locate, change, shown, forget } = open();
  act(() => goToMessage(12, 90));
  await locate.answer(0, { key: 'm90', thread: null });
  expect(shown()).toEqual(['m90', place]);
  forget();
  expect(shown()).toEqual(['m90', null]);
  act(() => goToMessage(12, 90));
  await locate.answer(1, { key: 'm90', thread: null });
  expect(shown()).toEqual(['m90', place]);
  change({ atEnd: true });
  expect(shown()).toEqual(['m90', null]);
});

test('a message that cannot be loaded is reported and nothing moves', async () => {
  const { locate, calls, shown } = open();
  act(() => goToMessage(12, 345));
  await locate.answer(0, null);
  expect([calls.reportFailure.mock.calls, shown()]).toEqual([
    [[null], ['message_gone']],
    [null, null],
  ]);
  expect([calls.toRow.mock.calls, calls.onThread.mock.calls]).toEqual([[], []]);
});

test('a jump to a reply opens its thread', async () => {
  const { locate, calls, shown } = open();
  act(() => goToMessage(12, 345));
  await locate.answer(0, { key: 'm345', thread: 34 });
  expect([calls.onThread.mock.calls, calls.toRow.mock.calls, shown()]).toEqual([[[34, 345]], [], [null, null]]);
});

test('of two jumps only the latest one is followed, whichever is located first', async () => {
  const { locate, calls, change, shown } = open();
  act(() => goToMessage(12, 345));
  act(() => goToMessage(12, 360));
  await locate.answer(1, { key: 'm360', thread: null });
  change({ items: items('m345', 'm360', 'm90') });
  await locate.answer(0, { key: 'm345', thread: null });
  expect([calls.toRow.mock.calls, shown()]).toEqual([[['m360']], ['m360', place]]);
  act(() => goToMessage(12, 345));
  act(() => goToMessage(12, 360));
  await locate.answer(2, null);
  await locate.answer(3, { key: 'm360', thread: null });
  expect(calls.reportFailure.mock.lastCall).toEqual([null]);
});

test('a message located after unmount leads to no jump', async () => {
  const { locate, calls, unmount } = open();
  act(() => goToMessage(12, 345));
  unmount();
  await locate.answer(0, { key: 'm345', thread: 34 });
  expect(calls.onThread.mock.calls).toEqual([]);
});

test('a message of another conversation or of a thread is ignored by this pane', () => {
  const { locate } = open();
  act(() => goToMessage(13, 345));
  act(() => goToThread(12, 34, 345));
  expect(locate.given).toEqual([]);
  cleanup();
  history.replaceState(null, '', '/#/c/12');
  const thread = open(34);
  act(() => goToThread(12, 34, 345));
  expect([thread.locate.given, location.hash]).toEqual([[[345]], '#/c/12/t/34']);
});
