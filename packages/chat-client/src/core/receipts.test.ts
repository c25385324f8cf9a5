import { describe, expect, it } from 'vitest';
import { Receipts } from './receipts.js';

// Tests `Receipts`: how far each member of a conversation has received (`delivered`) and read (`shown`) it. `from` is
// the sequence where the member's stay begins.

const receipt = (user: number, from: number, shown: number, delivered = shown) => ({
  user,
  from,
  shown,
  delivered,
  shownAt: 0,
  deliveredAt: 0,
});
const answer = (membersAt: number, ...receipts: readonly ReturnType<typeof receipt>[]) => ({
  outcome: 'receipts' as const,
  epoch: 'e',
  membersAt,
  receipts,
});
const event = (membersAt: number, one: ReturnType<typeof receipt>) => ({
  event: 'receipt' as const,
  epoch: 'e',
  conversation: 7,
  membersAt,
  receipt: one,
});

/** How many members other than user 1 have read the messages 2, 5 and 9. */
const reads = (receipts: Receipts): readonly number[] => receipts.reach([2, 5, 9], 1).map(({ read }) => read);

describe('Receipts', () => {
  it('[CH-23.3] the reach of a message counts members but the author whose stay and receipt include it', () => {
    const receipts = new Receipts();
    receipts.applyAnswer(answer(4, receipt(1, 1, 9), receipt(2, 1, 5), receipt(3, 4, 9), receipt(4, 6, 5, 9)));
    expect(receipts.reach([2, 5, 9], 1)).toEqual([
      { delivered: 1, read: 1 },
      { delivered: 2, read: 2 },
      { delivered: 2, read: 1 },
    ]);
  });

  it('[CH-23.2] events move receipts forward and never back', () => {
    const receipts = new Receipts();
    receipts.applyAnswer(answer(4, receipt(2, 1, 5)));
    receipts.applyEvent(event(4, receipt(2, 1, 9)));
    expect(reads(receipts)).toEqual([1, 1, 1]);
    receipts.applyEvent(event(4, receipt(2, 1, 2)));
    receipts.applyAnswer(answer(4, receipt(2, 1, 5)));
    expect(reads(receipts)).toEqual([1, 1, 1]);
  });

  it('[CH-23.3] receipts of former members are forgotten and start over when they return', () => {
    const receipts = new Receipts();
    receipts.applyAnswer(answer(4, receipt(2, 1, 9), receipt(3, 1, 9)));
    receipts.applyAnswer(answer(8, receipt(2, 8, 7)));
    expect(reads(receipts)).toEqual([0, 0, 0]);
    receipts.applyEvent(event(4, receipt(2, 1, 9)));
    receipts.applyEvent(event(4, receipt(3, 1, 9)));
    expect(reads(receipts)).toEqual([0, 0, 0]);
    receipts.applyAnswer(answer(4, receipt(3, 1, 9)));
    expect(receipts.membersAt).toBe(8);
  });
});
