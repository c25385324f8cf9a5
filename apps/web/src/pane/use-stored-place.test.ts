// @vitest-environment happy-dom
import type { LocatedMessage, Timeline, TimelineRow } from '@everywire/chat-client';
import { expect, test } from 'vitest';
import { linWan, message } from '../../fixtures/cast.js';
import { pendingCalls } from '../test-kit/pending-calls.js';
import { renderHookInPage } from '../test-kit/render-in-page.js';
import { createScrollMemory, type ScrollPlace } from './scroll-memory.js';
import { useStoredPlace } from './use-stored-place.js';

const rows = (...sequences: readonly number[]): readonly TimelineRow[] =>
  sequences.map((sequence) => message(sequence, linWan, 1, 'x'));
const left: ScrollPlace = { at: 'row', key: 'm677', top: -8, sequence: 677 };

/** Renders the hook with a stored position. `located` are the requests for a message, which a test answers. */
function open(place: ScrollPlace | null, held: readonly TimelineRow[]) {
  const memory = createScrollMemory();
  if (place !== null) memory.keep(7, place);
  const located = pendingCalls<[number], LocatedMessage | null>();
  const timeline = { locate: located.call } as Partial<Timeline> as Timeline;
  const { result, rerender } = renderHookInPage(
    (now: readonly TimelineRow[]) => useStoredPlace(timeline, memory, 7, now),
    { initialProps: held },
  );
  return { located, change: rerender, sought: () => result.current };
}

test('the place that was left is fetched once if it is not loaded', async () => {
  const { located, change, sought } = open(left, rows());
  expect([sought(), located.given]).toEqual([false, []]);
  change(rows(1_200, 1_201));
  change(rows(1_200, 1_201, 1_202));
  expect([sought(), located.given]).toEqual([true, [[677]]]);
  change(rows(676, 677, 678, 1_202));
  expect(sought()).toBe(false);
  change(rows(1_202));
  expect([sought(), located.given.length]).toEqual([false, 1]);
});

test.each([null, { at: 'end' } as const, { ...left, sequence: null }])(
  'nothing is fetched for the place %j',
  (place) => {
    const { located, sought } = open(place, rows(1, 2));
    expect([sought(), located.given]).toEqual([false, []]);
  },
);

test('a loaded place is not fetched', () => {
  const { located, sought } = open(left, rows(677));
  expect([sought(), located.given]).toEqual([false, []]);
});

test('a place that cannot be fetched is given up', async () => {
  for (const end of ['answer', 'refuse'] as const) {
    const { located, sought } = open(left, rows(1_200));
    expect(sought()).toBe(true);
    if (end === 'answer') await located.answer(0, null);
    else await located.refuse(0, 'offline');
    expect(sought()).toBe(false);
  }
});
