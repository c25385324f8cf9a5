import { encodeFrame } from '../frame/frame-encoder.js';
import { OPCODE } from '../frame/opcode.js';
import type { Message } from '../message.js';
import type { Encoding } from './encoding.js';

/**
 * Encodes a message as a frame for a raw WebSocket (a plain one, without our client). Raw links carry no control records
 * (SN-16), so a text that begins with U+0000 is not escaped. All other messages share the frame that sessions receive.
 * @param frames the encoding used by sessions with the same extensions.
 */
export function rawFrame(message: Message, frames: Encoding): Uint8Array {
  if (message.binary || message.bytes[0] !== 0) return frames.encodeMessage(message);
  return encodeFrame(OPCODE.text, message.bytes);
}
