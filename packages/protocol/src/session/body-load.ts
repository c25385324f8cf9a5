import type { Message } from '../message.js';
import type { BodyRecord } from '../record.js';
import { batchEnd } from './batch.js';
import { type BodySize, bytesInBody } from './body-size.js';
import type { ClientLink } from './client-link.js';
import type { ClientState } from './client-state.js';
import { type PartFields, partOf } from './message-part.js';

// The content of a client's body (one POST to the server): as many messages as fit, or a part of a message that is too long.

const NEVER = Number.POSITIVE_INFINITY;

/** The last body of a page that is being closed. Its answer is not read. */
export interface FinalBody {
  readonly head: BodyRecord;
  readonly messages: readonly Message[];
}

/** Returns the last number of a body that begins with `first`: one batch, limited by the size that passes (SN-46). */
export function bodyEnd(state: ClientState, size: BodySize, first: number): number {
  const { batchMessagesMax, batchBytesMax } = state.limits;
  return batchEnd(
    state,
    { batchMessagesMax, batchBytesMax: Math.min(batchBytesMax, size.mostWhole) },
    first,
    bytesInBody,
  );
}

/** Returns the messages of a body and counts them as written. @param link the link that carries them */
export function takeMessages(state: ClientState, first: number, last: number, link?: ClientLink): readonly Message[] {
  const messages: Message[] = [];
  let bytes = 0;
  for (let number = first; number <= last; number += 1) {
    const message = state.messageAt(number);
    messages.push(message);
    bytes += bytesInBody(message.byteLength);
  }
  if (link) link.bytes = bytes;
  state.wrote(last);
  return messages;
}

/**
 * Returns the next part of message `first`, after the bytes that the server holds (SN-45), or `null` if it passes as a
 * whole.
 */
export function takePart(state: ClientState, size: BodySize, first: number, link: ClientLink): PartFields | null {
  if (first > state.allowed) return null;
  const message = state.messageAt(first);
  const { byteLength: of } = message;
  const { peerReceived, peerHeld } = state;
  const at = first === peerReceived + 1 && peerHeld < of ? peerHeld : 0;
  // A message already begun in parts continues in parts, because the whole may be too large to pass.
  if (at === 0 && bytesInBody(of) <= size.mostWhole) return null;
  // A message may have been begun in parts before the size limit was lifted.
  const most = size.most < NEVER ? size.most : state.limits.batchBytesMax;
  // Base64 encodes three bytes as four characters.
  const end = Math.min(of, at + Math.floor((most * 3) / 4));
  const fields = partOf(message, at, end);
  state.wrote(first);
  link.bytes = fields.part.length;
  link.blindHeld = end;
  return fields;
}

/** Returns whether the server's counts confirm the content of a body whose answer cannot be read (SN-6). */
export function isStated({ peerReceived, peerHeld }: ClientState, { blindTo = 0, blindHeld }: ClientLink): boolean {
  const isPartStated = blindHeld !== undefined && blindTo === peerReceived + 1 && blindHeld <= peerHeld;
  return blindTo <= peerReceived || isPartStated;
}
