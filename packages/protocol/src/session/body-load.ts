import type { Message } from '../message.js';
import type { BodyRecord } from '../record.js';
import { batchEnd } from './batch.js';
import { type BodySize, bytesInBody } from './body-size.js';
import type { ClientLedger } from './client-ledger.js';
import type { ClientLink } from './client-link.js';
import { type PartFields, partOf } from './message-part.js';

// What a body of the client brings: as many messages as pass, or a part of one that is longer.

const never = Number.POSITIVE_INFINITY;

/** A body whose answer nobody is going to hear. */
export interface Farewell {
  readonly head: BodyRecord;
  readonly messages: readonly Message[];
}

/** Last number of a body that begins with `first`: one batch, and no more than passes (SN-46). */
export function bodyEnd(ledger: ClientLedger, size: BodySize, first: number): number {
  const { batchMessagesMax, batchBytesMax } = ledger.limits;
  return batchEnd(
    ledger,
    { batchMessagesMax, batchBytesMax: Math.min(batchBytesMax, size.mostWhole) },
    first,
    bytesInBody,
  );
}

/** The messages of a body, which count as written. @param link that takes them */
export function takeMessages(ledger: ClientLedger, first: number, last: number, link?: ClientLink): readonly Message[] {
  const messages: Message[] = [];
  let bytes = 0;
  for (let number = first; number <= last; number += 1) {
    const message = ledger.messageAt(number);
    messages.push(message);
    bytes += bytesInBody(message.byteLength);
  }
  if (link) link.bytes = bytes;
  ledger.wrote(last);
  return messages;
}

/** The next part of message `first`, where the whole is more than passes: from what the server holds of it on (SN-45). */
export function takePart(ledger: ClientLedger, size: BodySize, first: number, link: ClientLink): PartFields | null {
  if (first > ledger.allowed) return null;
  const message = ledger.messageAt(first);
  const { byteLength: of } = message;
  const { peerReceived, peerHeld } = ledger;
  const at = first === peerReceived + 1 && peerHeld < of ? peerHeld : 0;
  // What goes in parts goes on in parts: whole it may be what does not pass.
  if (at === 0 && bytesInBody(of) <= size.mostWhole) return null;
  // The rest of one that was begun where nothing is refused any more.
  const most = size.most < never ? size.most : ledger.limits.batchBytesMax;
  // In base64 four characters are three bytes.
  const end = Math.min(of, at + Math.floor((most * 3) / 4));
  const fields = partOf(message, at, end);
  ledger.wrote(first);
  link.bytes = fields.part.length;
  link.blindHeld = end;
  return fields;
}

/** Whether the server's counts state what a body brought whose answer cannot be read (SN-6). */
export function isStated({ peerReceived, peerHeld }: ClientLedger, { blindTo = 0, blindHeld }: ClientLink): boolean {
  const isPartStated = blindHeld !== undefined && blindTo === peerReceived + 1 && blindHeld <= peerHeld;
  return blindTo <= peerReceived || isPartStated;
}
