import type { RecordedMessage } from '@everywire/protocol';
import { Message } from '@everywire/protocol/internal';

/** A message that counts as typed, which a real one does because of its content. */
class BlankTyped extends Message {
  override readonly typed = true as const;
}

/**
 * Returns a message of the recorded length and kind. A recording does not contain the content of messages, so the message
 * is blank and its checksum is 0. The message uses the bytes of `memory` from `from` on.
 */
export function blank(
  [kind, byteLength, key]: RecordedMessage,
  memory = new Uint8Array(byteLength),
  from = 0,
): Message {
  const Kind = kind === 'y' ? BlankTyped : Message;
  const message = new Kind(kind === 'b', memory, 0, undefined, from, byteLength);
  message.knownHash = 0;
  if (key !== undefined) message.key = String(key);
  return message;
}

/** Returns blank messages for a recorded list. */
export function blanks(messages: unknown): readonly Message[] {
  return (messages as readonly RecordedMessage[]).map((message) => blank(message));
}

/**
 * Restores a control record from a recording. All messages are blank and have the checksum 0, so a checksum over the
 * messages of the other end becomes 0, or 1 if the recording says that the checksums `differed`.
 */
export function recordOf(recorded: unknown, differed: boolean): never {
  const record = recorded as { readonly lastSum?: number; readonly part?: readonly [length: number, padding: number] };
  const { lastSum, part } = record;
  return {
    ...record,
    ...(lastSum !== undefined && { lastSum: Number(differed) }),
    ...(part && { part: 'A'.repeat(part[0] - part[1]) + '='.repeat(part[1]) }),
  } as never;
}
