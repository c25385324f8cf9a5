import { Message } from '../message.js';

/**
 * A text message that lies in memory as the frame it will be sent as, so that a server never copies it again (SN-5).
 *
 * @param memory holds a final, unmasked text frame of valid UTF-8 from `frame` on, which nobody writes to from here on. It may
 *   hold others' frames as well.
 * @param from where the content begins: behind the header, and behind the escape of a text that begins with U+0000.
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

/** The same content under another serial: what was received is passed on without being encoded anew. */
export function messageAgain(message: Message, serial: number): Message {
  const { binary, memory, from, byteLength, frame } = message;
  const again = new Message(binary, memory, serial, undefined, from, byteLength, frame);
  again.encoded = message.encoded;
  again.knownHash = message.knownHash;
  return again;
}
