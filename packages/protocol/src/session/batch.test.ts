import { describe, expect, it } from 'vitest';
import { batchEnd } from './batch.js';
import { ServerBench } from './test-kit/server-bench.js';

function sent(...texts: string[]) {
  const bench = new ServerBench({
    limits: { batchMessagesMax: 3, batchBytesMax: 10, down: { messages: 6, bytes: 65_536 } },
  });
  bench.open();
  bench.send(...texts);
  return bench.session;
}

describe('a batch', () => {
  it('[SN-22] ends after its messages', () => {
    expect(batchEnd(sent('a', 'b', 'c', 'd'), 2)).toBe(4);
    expect(batchEnd(sent('a', 'b', 'c', 'd', 'e'), 1)).toBe(3);
  });

  it('[SN-22] ends before it has too many bytes, but takes one message at least', () => {
    expect(batchEnd(sent('aaaaa', 'bbbbb', 'c'), 1)).toBe(2);
    expect(batchEnd(sent('aaaaaaaaaaaaaaa', 'b'), 1)).toBe(1);
  });

  it('[SN-22] ends with the window, and is empty behind it', () => {
    expect(batchEnd(sent('1', '2', '3', '4', '5', '6', '7'), 6)).toBe(6);
    expect(batchEnd(sent('1'), 2)).toBe(1);
  });
});
