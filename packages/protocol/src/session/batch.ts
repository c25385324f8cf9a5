import type { SessionCore } from './session-core.js';

/** Last number of a body or poll answer that begins with `first`: by messages and bytes, one message at least (SN-22). */
export function batchEnd(core: SessionCore, first: number): number {
  const { batchMessagesMax, batchBytesMax } = core.limits;
  const end = Math.min(core.allowed, first + batchMessagesMax - 1);
  let bytes = 0;
  for (let number = first; number <= end; number += 1) {
    bytes += core.messageAt(number).byteLength;
    if (bytes > batchBytesMax && number > first) return number - 1;
  }
  return end;
}
