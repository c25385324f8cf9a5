import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pageSides, planPage } from './page-plan.js';
import { coverReadable, type WantedPage } from './readable-page.js';
import type { PageAnchor } from './store-answers.js';
import type { VisibleRange } from './visibility.js';

// Tests `coverReadable`: a page of messages from a damaged store. `covers` is the range of sequences that the page
// answers for; `damaged` are the ranges that cannot be read.

/** A random log of messages, and a page of it. */
interface Log {
  readonly head: number;
  /** Sequences that cannot be read. */
  readonly missing: readonly number[];
  /** Number of invisible sequences before each stay. */
  readonly hidden: number;
  readonly limit: number;
  readonly direction: 'before' | 'after';
}

function sequencesOf([low, high]: VisibleRange): readonly number[] {
  return Array.from({ length: high - low + 1 }, (_, index) => low + index);
}

function wanted(low: number, high: number): WantedPage {
  return { sequences: sequencesOf([low, high]), covers: [low, high] };
}

/** Two stays, with up to `hidden` invisible sequences before each. */
function staysIn(head: number, hidden: number): readonly VisibleRange[] {
  const middle = Math.ceil(head / 2);
  const stays: readonly VisibleRange[] = [
    [hidden + 1, middle],
    [middle + hidden + 1, head],
  ];
  return stays.filter(([low, high]) => low <= high);
}

/** A log that can be read except for these sequences. */
const without =
  (...missing: readonly number[]) =>
  (sequence: number): boolean =>
    !missing.includes(sequence);

describe('coverReadable', () => {
  it('[CH-37.1] a page with readable rows only is covered completely', () => {
    expect(coverReadable(wanted(3, 9), { at: 'end' }, () => true)).toEqual({ covers: [3, 9], damaged: [] });
  });

  it('[CH-37.1] a page ends before the first unreadable row from the anchor', () => {
    const missing = without(5, 6);
    expect(coverReadable(wanted(1, 10), { at: 'end' }, missing)).toEqual({ covers: [7, 10], damaged: [[5, 6]] });
    const after = { at: 'after', sequence: 0 } as const;
    expect(coverReadable(wanted(1, 10), after, missing)).toEqual({ covers: [1, 4], damaged: [[5, 6]] });
  });

  it('[CH-37.1] a page continues beyond unreadable rows next to the anchor', () => {
    const missing = without(3, 9, 10);
    const damaged = [
      [3, 3],
      [9, 10],
    ];
    expect(coverReadable(wanted(1, 10), { at: 'end' }, missing)).toEqual({ covers: [4, 8], damaged });
  });

  it('[CH-37.1] a page without a readable row covers nothing', () => {
    expect(coverReadable(wanted(4, 10), { at: 'end' }, () => false)).toEqual({ covers: null, damaged: [[4, 10]] });
  });

  it('[CH-37.1] a page around a message extends in both directions', () => {
    const around = { at: 'around', sequence: 5 } as const;
    expect(coverReadable(wanted(1, 10), around, without(2, 8))).toEqual({
      covers: [3, 7],
      damaged: [
        [2, 2],
        [8, 8],
      ],
    });
    expect(coverReadable(wanted(1, 10), around, without(5, 6))).toEqual({ covers: [7, 10], damaged: [[5, 6]] });
  });

  it('[CH-37.1] pages never cover an unreadable row, and pages in one direction reach the end of the log', () => {
    const log = fc.record({
      head: fc.integer({ min: 1, max: 60 }),
      missing: fc.uniqueArray(fc.integer({ min: 1, max: 60 })),
      hidden: fc.integer({ min: 0, max: 20 }),
      limit: fc.integer({ min: 1, max: 12 }),
      direction: fc.constantFrom<'before' | 'after'>('before', 'after'),
    });
    fc.assert(fc.property(log, (each) => checkPagesOneWay(each)));
  });
});

function checkPagesOneWay({ head, missing, hidden, limit, direction }: Log): void {
  const visible = staysIn(head, hidden);
  const known = new Set<number>();
  const down = direction === 'before';
  let place = down ? head + 1 : 0;
  for (let pages = 0; down ? place > 1 : place < head; pages += 1) {
    expect(pages).toBeLessThan(130);
    const anchor: PageAnchor = { at: direction, sequence: place };
    const { spans, covers } = planPage(visible, head, anchor, pageSides(anchor, limit));
    const sequences = spans.flatMap(sequencesOf);
    const page = coverReadable({ sequences, covers }, anchor, without(...missing));
    const covered = page.covers === null ? [] : [page.covers];
    expect(covered.flatMap(sequencesOf).filter((each) => missing.includes(each) && sequences.includes(each))).toEqual(
      [],
    );
    const answered = [...page.damaged, ...covered];
    for (const sequence of answered.flatMap(sequencesOf)) known.add(sequence);
    place = down ? Math.min(...answered.flat()) : Math.max(...answered.flat());
  }
  expect(known.size).toBe(head);
}
