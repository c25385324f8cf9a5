// @vitest-environment happy-dom
import type { TimelineRow } from '@everywire/chat-client';
import { describe, expect, test } from 'vitest';
import { linWan, message } from '../../fixtures/cast.js';
import { FakeList } from '../test-kit/fake-list.js';
import { anchorOf, hasReached, lastMessageInView, sameView, topOf, viewOf } from './scroll-geometry.js';
import { measuresOf } from './scroll-measures.js';
import type { TimelineItem } from './timeline-items.js';

/** A message in the list. */
const said = (sequence: number): TimelineItem => ({
  type: 'message',
  key: `m${sequence}`,
  row: message(sequence, linWan, sequence * 1_000, 'x'),
  head: true,
  tail: true,
  stamped: true,
  lastWaiting: false,
});
const day = (at: number): TimelineItem => ({ type: 'day', key: `day ${at}`, at });
const gap: TimelineItem = {
  type: 'gap',
  key: 'gap',
  row: { type: 'gap', key: 'gap', loading: false } satisfies TimelineRow,
};

/** Creates ten messages of 100 px each in a viewport of 300 px. */
const ten = Array.from({ length: 10 }, (_, index) => said(index + 1));

/** A list scrolled to this position. */
function listAt(top: number, items: readonly TimelineItem[] = ten, heights = items.map(() => 100)) {
  const list = new FakeList(heights, 300);
  list.element.scrollTop = top;
  return { items, measures: measuresOf(list.element, list.handle) };
}

describe('viewOf', () => {
  test.each([
    [700, true, false],
    [696, true, false],
    [695, false, false],
    [652, false, false],
    [651, false, true],
    [0, false, true],
  ])('at %d px, at the end is %s and far is %s', (top, atEnd, far) => {
    const { items, measures } = listAt(top);
    expect(viewOf(items, measures, true)).toMatchObject({ known: true, atEnd, far });
  });

  test('the view is never at the end of items that end with a gap', () => {
    const { items, measures } = listAt(700);
    expect(viewOf(items, measures, false)).toMatchObject({ atEnd: false, far: true });
  });

  test('the view has the day of the topmost message', () => {
    const { items, measures } = listAt(250);
    expect(viewOf(items, measures, true).dayAt).toBe(3_000);
  });

  test.each([
    ['45 px below the edge', 155, 1_500],
    ['44 px below the edge', 156, null],
    ['at the edge', 200, null],
    ['6 px above the edge', 206, null],
    ['7 px above the edge, where it is not drawn', 207, 2_000],
    ['out of view above', 240, 2_000],
  ])('the view has no day while a day separator is at its place: %s, %d', (_, top, dayAt) => {
    const items = [said(1), said(1.5), day(2), said(2), said(3), said(4), said(5), said(6)];
    const heights = [100, 100, 40, 100, 100, 100, 100, 100];
    const { measures } = listAt(top, items, heights);
    expect(viewOf(items, measures, true).dayAt).toBe(dayAt);
  });

  test('the view of a list without messages has no day', () => {
    const { measures } = listAt(0, [gap]);
    expect(viewOf([gap], measures, true).dayAt).toBeNull();
  });

  test('two views are equal if all their parts are', () => {
    const view = { known: true, atEnd: false, far: true, dayAt: 7 };
    expect(sameView(view, { ...view })).toBe(true);
    for (const change of [{ known: false }, { atEnd: true }, { far: false }, { dayAt: 8 }])
      expect(sameView(view, { ...view, ...change }), JSON.stringify(change)).toBe(false);
  });
});

describe('a scroll place', () => {
  test('a place is at the end, or at a row with its distance from the upper edge', () => {
    const { items, measures } = listAt(0);
    expect(topOf(items, measures, { at: 'end' })).toBe(1_000);
    expect(topOf(items, measures, { at: 'row', key: 'm5', top: 56 })).toBe(344);
    expect(topOf(items, measures, { at: 'row', key: 'gone', top: 0 })).toBeNull();
  });

  test.each([
    ['the end, 4 px above it', { at: 'end' }, 696, true],
    ['the end, 5 px above it', { at: 'end' }, 695, false],
    ['a row, 2 px off', { at: 'row', key: 'm5', top: 50 }, 352, true],
    ['a row, 2 px off the other way', { at: 'row', key: 'm5', top: 50 }, 348, true],
    ['a row, 3 px off', { at: 'row', key: 'm5', top: 50 }, 353, false],
    ['a row, 3 px off the other way', { at: 'row', key: 'm5', top: 50 }, 347, false],
    ['a row that cannot scroll further because of the end', { at: 'row', key: 'm10', top: 0 }, 700, true],
    ['a row above its place at the end', { at: 'row', key: 'm5', top: 50 }, 700, false],
    ['a row that is gone', { at: 'row', key: 'gone', top: 0 }, 0, true],
  ] as const)('hasReached for a place: %s', (_, place, top, reached) => {
    const { items, measures } = listAt(top);
    expect(hasReached(items, measures, place)).toBe(reached);
  });
});

describe('the anchor', () => {
  test('the anchor is the first item in view with its distance from the upper edge', () => {
    const { items, measures } = listAt(250);
    expect(anchorOf(items, measures)).toEqual({ key: 'm3', index: 2, top: -50 });
  });
});

test('Tab enters at the last message in view above the height of a day separator', () => {
  const { items, measures } = listAt(244);
  expect(lastMessageInView(items, measures)).toBe('m6');
  const above = listAt(243);
  expect(lastMessageInView(above.items, above.measures)).toBe('m5');
  const days = [said(1), day(2), day(3)];
  expect(lastMessageInView(days, listAt(0, days).measures)).toBe('m1');
  expect(lastMessageInView([day(2)], listAt(0, [day(2)]).measures)).toBeNull();
});
