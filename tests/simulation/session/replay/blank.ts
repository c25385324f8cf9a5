import type { RecordedMessage } from '@everywire/protocol';
import { Message } from '@everywire/protocol/internal';

class BlankTyped extends Message {
  override readonly typed = true as const;
}

/** A message of that length and kind, whose checksum is nought whatever stands in it. */
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

/** A record as the machine is told it: a checksum over everything the other end sent is true, unless it was found not to be. */
export function recordOf(given: unknown, differed: boolean): never {
  const record = given as { readonly lastSum?: number; readonly part?: readonly [length: number, padding: number] };
  const { lastSum, part } = record;
  return {
    ...record,
    ...(lastSum !== undefined && { lastSum: Number(differed) }),
    ...(part && { part: 'A'.repeat(part[0] - part[1]) + '='.repeat(part[1]) }),
  } as never;
}
