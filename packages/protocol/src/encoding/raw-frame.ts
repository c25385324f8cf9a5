import { encodeFrame } from '../frame/frame-encoder.js';
import { OPCODE } from '../frame/opcode.js';
import type { Message } from '../message.js';
import type { Encoding } from './encoding.js';

/**
 * A message as a frame for a raw WebSocket: without the escape, as there are no control records to tell it from (SN-16). All
 * but a text that begins with U+0000 is the very frame that sessions get.
 * @param frames how sessions with the same extensions get it.
 */
export function rawFrame(message: Message, frames: Encoding): Uint8Array {
  if (message.binary || message.bytes[0] !== 0) return frames.encodeMessage(message);
  return encodeFrame(OPCODE.text, message.bytes);
}
