import { describe, expect, it } from 'vitest';
import { pageSides, planPage } from './page-plan.js';
import type { PageAnchor } from './store-answers.js';
import type { VisibleRange } from './visibility.js';

// Tests `planPage`, which decides which messages a page contains. `spans` are the ranges of visible sequences to read;
// `covers` is the range that the page answers for, including invisible sequences.

const plan = (visible: readonly VisibleRange[], head: number, anchor: PageAnchor, limit: number) =>
  planPage(visible, head, anchor, pageSides(anchor, limit));

/** A user who sees all of 10 messages. */
const whole = [[1, 10]] as const;
/** A user who was a member twice, and sees nothing in between. */
const stays = [
  [2, 5],
  [38, 40],
] as const;

describe('planPage', () => {
  it('[CH-9.1] a page at the end takes the newest messages', () => {
    expect(plan(whole, 10, { at: 'end' }, 3)).toEqual({ spans: [[8, 10]], covers: [8, 10] });
    expect(plan(whole, 10, { at: 'end' }, 30)).toEqual({ spans: [[1, 10]], covers: [1, 10] });
  });

  it('[CH-9.3] a page covers invisible sequences next to those it takes, at no cost', () => {
    expect(plan(stays, 40, { at: 'end' }, 3)).toEqual({ spans: [[38, 40]], covers: [6, 40] });
    expect(plan(stays, 40, { at: 'end' }, 5)).toEqual({
      spans: [
        [4, 5],
        [38, 40],
      ],
      covers: [4, 40],
    });
    expect(plan(stays, 40, { at: 'end' }, 7)).toEqual({
      spans: [
        [2, 5],
        [38, 40],
      ],
      covers: [1, 40],
    });
  });

  it('[CH-9.1] a page continues before or after a sequence, visible or not', () => {
    expect(plan(stays, 40, { at: 'before', sequence: 20 }, 2)).toEqual({ spans: [[4, 5]], covers: [4, 19] });
    expect(plan(stays, 40, { at: 'after', sequence: 4 }, 2)).toEqual({
      spans: [
        [5, 5],
        [38, 38],
      ],
      covers: [5, 38],
    });
    expect(plan(stays, 40, { at: 'after', sequence: 2 }, 3)).toEqual({ spans: [[3, 5]], covers: [3, 37] });
    expect(plan(stays, 40, { at: 'before', sequence: 2 }, 2)).toEqual({ spans: [], covers: [1, 1] });
  });

  it('[CH-9.1] a page covers nothing if there is nothing in its direction', () => {
    expect(plan(whole, 10, { at: 'before', sequence: 1 }, 3)).toEqual({ spans: [], covers: null });
    expect(plan(whole, 10, { at: 'after', sequence: 10 }, 3)).toEqual({ spans: [], covers: null });
    expect(plan([], 0, { at: 'end' }, 3)).toEqual({ spans: [], covers: null });
  });

  it('[CH-9.1] a page around a sequence shares the limit between both sides', () => {
    expect(plan(whole, 10, { at: 'around', sequence: 5 }, 5)).toEqual({
      spans: [
        [3, 5],
        [6, 7],
      ],
      covers: [3, 7],
    });
    expect(plan(whole, 10, { at: 'around', sequence: 99 }, 4)).toEqual({ spans: [[9, 10]], covers: [9, 10] });
    expect(plan(whole, 10, { at: 'around', sequence: 0 }, 4)).toEqual({
      spans: [
        [1, 1],
        [2, 3],
      ],
      covers: [1, 3],
    });
  });

  it('[CH-4.1] a page never takes more than its limit, and covers every sequence it takes', () => {
    for (let limit = 1; limit <= 8; limit += 1) {
      for (let sequence = 0; sequence <= 41; sequence += 1) {
        for (const at of ['before', 'after', 'around'] as const) {
          const { spans, covers } = plan(stays, 40, { at, sequence }, limit);
          const taken = spans.reduce((sum, [low, high]) => sum + high - low + 1, 0);
          expect(taken).toBeLessThanOrEqual(limit);
          for (const [low, high] of spans) expect(covers !== null && covers[0] <= low && covers[1] >= high).toBe(true);
        }
      }
    }
  });
});
