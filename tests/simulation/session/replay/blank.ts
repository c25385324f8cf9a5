import type { RecordedMessage } from '@everywire/protocol';
import { Message } from '@everywire/protocol/internal';

class BlankTyped extends Message {
  override readonly typed = true as const;
}

/** Returns a message of that length and kind, whose checksum is zero whatever its content. */
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

export function blanks(given: unknown): readonly Message[] {
  return (given as readonly RecordedMessage[]).map((message) => blank(message));
}

/**
 * Restores a recorded record: a checksum over everything the other end sent counts as true, unless it was found to
 * differ.
 */
export function recordOf(given: unknown, differed: boolean): never {
  const record = given as { readonly lastSum?: number; readonly part?: readonly [length: number, padding: number] };
  const { lastSum, part } = record;
  return {
    ...record,
    ...(lastSum !== undefined && { lastSum: Number(differed) }),
    ...(part && { part: 'A'.repeat(part[0] - part[1]) + '='.repeat(part[1]) }),
  } as never;
}
