import { StoreError } from '@everywire/chat';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { Eraser } from './eraser.js';

// Tests `Eraser`, which removes the messages of deleted conversations in the background: when it retries after a
// failure.

const limits = { erasedRowsAtOnce: 20, erasePauseMs: 10, eraseScanRows: 100, retrialMs: 1_000 };
/** The deleted conversation. */
const gone = 7;

/** Creates an eraser whose first write fails with `failure`. `done` lists what it erased or settled, `reported` its failures. */
function setUp(failure: unknown) {
  const done: string[] = [];
  const reported: unknown[] = [];
  let failed = false;
  const eraser = new Eraser({
    table: {
      begin: () => undefined,
      due: () => ({ conversations: [], more: false }),
      erase: (conversation) => {
        done.push(`erased ${conversation}`);
        return 'nothing';
      },
      settle: (conversation) => void done.push(`settled ${conversation}`),
    },
    limits,
    access: {
      read: async (work) => work(),
      write: async (work) => {
        if (failed) return work();
        failed = true;
        throw failure;
      },
    },
    emptyLog: async () => true,
    onFailed: (reason) => void reported.push(reason),
  });
  eraser.add(gone);
  return { eraser, done, reported };
}

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

it('[CH-36.6] erasing waits for a store that cannot write now, without a report', async () => {
  const { done, reported } = setUp(new StoreError('full', 'no room on the disk'));
  await vi.advanceTimersByTimeAsync(limits.erasePauseMs + limits.retrialMs - 1);
  expect(done).toEqual([]);
  await vi.advanceTimersByTimeAsync(limits.retrialMs);
  expect(done).toEqual([`erased ${gone}`, `settled ${gone}`]);
  expect(reported).toEqual([]);
});

it('[CH-36.6] erasing reports any other failure and is tried again', async () => {
  const failure = new Error('a fault');
  const { done, reported } = setUp(failure);
  await vi.advanceTimersByTimeAsync(2 * limits.retrialMs);
  expect(reported).toEqual([failure]);
  expect(done).toEqual([`erased ${gone}`, `settled ${gone}`]);
});

it('[CH-36.6] a closed eraser erases nothing more', async () => {
  const { eraser, done } = setUp(new StoreError('full', 'no room on the disk'));
  await vi.advanceTimersByTimeAsync(limits.erasePauseMs);
  eraser.close();
  eraser.add(gone);
  await vi.advanceTimersByTimeAsync(10 * limits.retrialMs);
  expect(done).toEqual([]);
});
