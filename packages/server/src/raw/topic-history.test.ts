import { describe, expect, it } from 'vitest';
import { TopicHistory } from './topic-history.js';

// Tests `TopicHistory`, the latest events of a topic, which a raw event stream that reconnects can request. `after`
// returns `null` if it has lost some of them. A budget limits the bytes of all histories.

const bounds = { messagesMax: 3, bytesMax: 100, ageMs: 1_000 };
const budgetOf = (bytesMax: number): { bytes: number; bytesMax: number } => ({ bytes: 0, bytesMax });
const event = (size: number): Uint8Array => new Uint8Array(size);

/** Returns the sizes of the events after that number. */
function sizesAfter(history: TopicHistory, number: number, now = 0): readonly number[] | null {
  return history.after(number, now)?.map(({ length }) => length) ?? null;
}

describe('TopicHistory', () => {
  it('[SN-16.5] TopicHistory returns the events after a number and none after the last', () => {
    const history = new TopicHistory(bounds, budgetOf(1_000));
    expect(sizesAfter(history, 0)).toEqual([]);
    for (const size of [1, 2, 3]) history.add(event(size), 0);
    expect([0, 1, 2, 3].map((number) => sizesAfter(history, number))).toEqual([[1, 2, 3], [2, 3], [3], []]);
  });

  it('[SN-3] TopicHistory keeps a bounded number of messages', () => {
    const history = new TopicHistory(bounds, budgetOf(1_000));
    for (let size = 1; size <= 50; size++) history.add(event(1), 0);
    expect(sizesAfter(history, 46)).toBe(null);
    expect(sizesAfter(history, 47)).toHaveLength(3);
  });

  it('[SN-3] TopicHistory keeps a bounded number of bytes, of its own and of all histories', () => {
    const budget = budgetOf(120);
    const history = new TopicHistory(bounds, budget);
    const other = new TopicHistory(bounds, budget);
    history.add(event(60), 0);
    history.add(event(60), 0);
    expect([sizesAfter(history, 0), sizesAfter(history, 1), budget.bytes]).toEqual([null, [60], 60]);
    other.add(event(70), 0);
    expect([sizesAfter(other, 0), sizesAfter(history, 1), budget.bytes]).toEqual([null, [60], 60]);
    other.add(event(50), 0);
    expect([sizesAfter(other, 1), budget.bytes]).toEqual([[50], 110]);
    history.clear();
    other.clear();
    expect(budget.bytes).toBe(0);
  });

  it('[SN-3] TopicHistory keeps messages for a bounded time, even when none is added', () => {
    const budget = budgetOf(1_000);
    const history = new TopicHistory(bounds, budget);
    history.add(event(1), 0);
    history.add(event(2), 500);
    expect(sizesAfter(history, 0, 999)).toEqual([1, 2]);
    expect(sizesAfter(history, 0, 1_000)).toBe(null);
    expect(sizesAfter(history, 1, 1_000)).toEqual([2]);
    history.forget(1_500);
    expect([sizesAfter(history, 1, 1_500), sizesAfter(history, 2, 1_500), budget.bytes]).toEqual([null, [], 0]);
  });
});
