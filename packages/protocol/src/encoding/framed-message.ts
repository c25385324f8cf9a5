import { Message } from '../message.js';
import { SLOT } from './encoding.js';

/**
 * A text message that lies in memory as the frame it will be sent as, so that a server never copies it again (SN-5).
 *
 * @param frame a final, unmasked text frame of valid UTF-8, owned by the message from here on.
 * @param bytes its content, a view of the same memory: what is behind the header, and behind the escape of a text that
 *   begins with U+0000.
 */
export function messageFromFrame(frame: Uint8Array, bytes: Uint8Array, serial = 0): Message {
  const message = new Message(false, bytes, serial);
  message.encoded[SLOT.frame] = frame;
  return message;
}

/** The same content under another serial: what was received is passed on without being encoded anew. */
export function messageAgain(message: Message, serial: number): Message {
  const again = new Message(message.binary, message.bytes, serial);
  const { encoded } = message;
  for (let slot = 0; slot < encoded.length; slot++) again.encoded[slot] = encoded[slot];
  return again;
}
