import { Message } from '../message.js';

/**
 * Creates a text message from the frame in memory in which it will be sent, so that a server never copies it again
 * (SN-5).
 *
 * @param memory holds a final, unmasked text frame of valid UTF-8 at `frame`. It may hold other frames too. The caller
 *   must not write to this frame afterwards.
 * @param from offset of the content: after the header, and after the escape of a text that begins with U+0000.
 */
export function messageFromFrame(
  memory: Uint8Array,
  frame: number,
  from: number,
  byteLength: number,
  serial: number,
): Message {
  return new Message(false, memory, serial, undefined, from, byteLength, frame);
}

/** Copies a message under another serial. The cached encodings and hash are kept, so nothing is encoded again. */
export function messageAgain(message: Message, serial: number): Message {
  const { binary, memory, from, byteLength, frame } = message;
  const again = new Message(binary, memory, serial, undefined, from, byteLength, frame);
  again.encoded = message.encoded;
  again.knownHash = message.knownHash;
  return again;
}
