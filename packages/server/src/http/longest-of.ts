import type { ControlRecord, Message } from '@everywire/protocol/internal';

/** Bytes of the longest message that a carrier brings, or brings a part of. */
export function longestOf({
  record,
  messages,
}: {
  readonly record: ControlRecord;
  readonly messages: readonly Message[];
}): number {
  let longest = record.t === 'body' ? (record.of ?? 0) : 0;
  for (const { byteLength } of messages) longest = Math.max(longest, byteLength);
  return longest;
}
