import type { SessionLimits } from '../limits.js';
import type { MessageSource } from './contract.js';

/**
 * Returns the last number of a body or poll answer that begins with `first`. Limits messages and bytes, but allows at
 * least one message (SN-22).
 *
 * @param bytesOf returns the bytes that a message of this length counts as
 */
export function batchEnd(
  source: MessageSource & { readonly allowed: number },
  { batchMessagesMax, batchBytesMax }: Pick<SessionLimits, 'batchMessagesMax' | 'batchBytesMax'>,
  first: number,
  bytesOf: (byteLength: number) => number = (byteLength) => byteLength,
): number {
  const end = Math.min(source.allowed, first + batchMessagesMax - 1);
  let bytes = 0;
  for (let number = first; number <= end; number += 1) {
    bytes += bytesOf(source.messageAt(number).byteLength);
    if (bytes > batchBytesMax && number > first) return number - 1;
  }
  return end;
}
