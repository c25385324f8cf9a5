import { describe, expect, it } from 'vitest';
import { headFor, isOpen, isVisible, isWithin, openPeriod, visibleSpans } from './visibility.js';

// Tests which messages a user may see: those of their stays (periods) as a member, except for cleared ones.

const first = { from: 2, to: 5, toModification: 3 };
const second = { from: 9, to: null, toModification: null };
const back = { periods: [first, second], cleared: 0 };
const gone = { periods: [first], cleared: 0 };

describe('visibility', () => {
  it('[CH-3.1] isOpen distinguishes members from former members and strangers', () => {
    expect([isOpen(back), isOpen(gone), isOpen(null), isOpen({ periods: [] })]).toEqual([true, false, false, false]);
    expect(openPeriod(back)).toBe(second);
    expect(openPeriod(gone)).toBeNull();
  });

  it('[CH-3.1] [CH-3.3] a period includes both its ends, and nothing between two periods is visible', () => {
    expect([1, 2, 5, 6, 8, 9, 99].filter((sequence) => isWithin(back.periods, sequence))).toEqual([2, 5, 9, 99]);
  });

  it('cleared messages are invisible', () => {
    expect([2, 4, 5, 9].filter((sequence) => isVisible({ ...back, cleared: 4 }, sequence))).toEqual([5, 9]);
    expect(visibleSpans({ ...back, cleared: 4 }, 12)).toEqual([
      [5, 5],
      [9, 12],
    ]);
    expect(visibleSpans({ ...back, cleared: 20 }, 12)).toEqual([]);
  });

  it('[CH-3.1] the open span ends at the head', () => {
    expect(visibleSpans(back, 12)).toEqual([
      [2, 5],
      [9, 12],
    ]);
    expect(visibleSpans(gone, 12)).toEqual([[2, 5]]);
  });

  it('[CH-3.2] a former member gets the head at the end of the stay, in both parts', () => {
    const conversation = { sequence: 20, modification: 7 } as Parameters<typeof headFor>[0];
    expect(headFor(conversation, back)).toEqual({ sequence: 20, modification: 7 });
    expect(headFor(conversation, gone)).toEqual({ sequence: 5, modification: 3 });
  });
});
