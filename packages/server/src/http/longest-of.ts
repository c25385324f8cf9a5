import type { ControlRecord, Message } from '@everywire/protocol/internal';

/** Returns the length in bytes of the longest message in a body, which may also contain only a part of a long message. */
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
