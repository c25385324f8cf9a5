import { StoreError } from '@everywire/chat';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { SearchIndex } from './search-index.js';
import type { BuiltBlock, SearchTable } from './search-table.js';
import type { Searcher } from './search-thread.js';

// Tests `SearchIndex`, which builds the search filters of blocks (128 messages each) in the background: how many at a
// time, and when it retries.

const limits = { searchBlocksAtOnce: 2, searchIndexMs: 100, searchRestartMs: 1_000, searchRestartMaxMs: 60_000 };

/** An index over `due` blocks, whose searcher first fails with each of `failures`. */
class Trial {
  readonly index: SearchIndex;
  readonly reported: unknown[] = [];
  builds = 0;
  due: number;

  constructor(due: number, failures: unknown[] = []) {
    this.due = due;
    const table: SearchTable = {
      append: () => undefined,
      touch: () => undefined,
      write: (blocks) => {
        this.due -= blocks.length;
      },
      hasDue: () => this.due > 0,
      renew: () => undefined,
    };
    const build = async (_: 'build', [count]: readonly [number]): Promise<readonly BuiltBlock[]> => {
      this.builds += 1;
      if (failures.length > 0) throw failures.shift();
      const block = { conversation: 7, block: 0, firstAt: 1, bits: new Uint8Array(8), due: 1 };
      return Array.from({ length: Math.min(count, this.due) }, () => block);
    };
    const searcher = { ask: build as Searcher['ask'], close: async () => undefined };
    const report = (reason: unknown): void => void this.reported.push(reason);
    this.index = new SearchIndex(table, searcher, async (work) => work(), limits, report);
  }
}

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe('a search index', () => {
  it('the index processes blocks due at its start, a few per step, until none is left', async () => {
    const trial = new Trial(5);
    await vi.advanceTimersByTimeAsync(limits.searchIndexMs);
    expect(trial.due).toBe(3);
    await vi.advanceTimersByTimeAsync(10 * limits.searchIndexMs);
    expect(trial.due).toBe(0);
  });

  it('the index queries once after a burst of wakes', async () => {
    const trial = new Trial(0);
    for (let count = 0; count < 3; count += 1) trial.index.wake();
    await vi.advanceTimersByTimeAsync(10 * limits.searchIndexMs);
    expect(trial.builds).toBe(1);
  });

  it('a closed index queries nothing, whether woken before or after', async () => {
    const trial = new Trial(1);
    await trial.index.close();
    trial.index.wake();
    await vi.advanceTimersByTimeAsync(limits.searchRestartMaxMs);
    expect(trial.builds).toBe(0);
  });

  it('the index retries after a pause without a searcher, and reports nothing', async () => {
    const trial = new Trial(1, [new StoreError('busy', 'no thread')]);
    await vi.advanceTimersByTimeAsync(limits.searchIndexMs + limits.searchRestartMs - 1);
    expect(trial.due).toBe(1);
    await vi.advanceTimersByTimeAsync(1);
    expect(trial.due).toBe(0);
    expect(trial.reported).toEqual([]);
  });

  it('the index reports any other failure, and retries after the longest pause', async () => {
    const failure = new Error('a fault');
    const trial = new Trial(1, [failure]);
    await vi.advanceTimersByTimeAsync(limits.searchIndexMs + limits.searchRestartMaxMs - 1);
    expect(trial.reported).toEqual([failure]);
    expect(trial.due).toBe(1);
    await vi.advanceTimersByTimeAsync(1);
    expect(trial.due).toBe(0);
  });
});
