import { describe, expect, it } from 'vitest';
import { batchEnd } from './batch.js';
import type { ServerSession } from './server-session.js';
import { ServerBench } from './test-kit/server-bench.js';

// Tests `batchEnd`: where the batch ends that the answer to a poll carries. The limits here are 3 messages and 10
// bytes, and a window of 6 messages.

/** Returns a session that has sent these messages and has no link. */
function sent(...texts: string[]) {
  const bench = new ServerBench({
    limits: { batchMessagesMax: 3, batchBytesMax: 10, down: { messages: 6, bytes: 65_536 } },
  });
  bench.open();
  bench.send(...texts);
  return bench.session;
}

/** Returns the number of the last message of the batch that begins with number `first`. */
function endOf({ flow, limits }: ServerSession, first: number): number {
  return batchEnd(flow.outgoing, limits, first);
}

describe('a batch', () => {
  it('[SN-22.4] [TR-14.2] a batch ends at the maximum number of messages', () => {
    expect(endOf(sent('a', 'b', 'c', 'd'), 2)).toBe(4);
    expect(endOf(sent('a', 'b', 'c', 'd', 'e'), 1)).toBe(3);
  });

  it('[SN-22.4] [TR-14.2] a batch ends before it exceeds its bytes, but has at least one message', () => {
    expect(endOf(sent('aaaaa', 'bbbbb', 'c'), 1)).toBe(2);
    expect(endOf(sent('aaaaaaaaaaaaaaa', 'b'), 1)).toBe(1);
  });

  it('[SN-22.4] a batch ends with the window, and is empty after it', () => {
    expect(endOf(sent('1', '2', '3', '4', '5', '6', '7'), 6)).toBe(6);
    expect(endOf(sent('1'), 2)).toBe(1);
  });
});
