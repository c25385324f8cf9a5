import { encodeFrame } from '../frame/frame-encoder.js';
import { OPCODE } from '../frame/opcode.js';
import type { Message } from '../message.js';
import { type ControlRecord, encodeRecord } from '../record.js';
import { type Encoding, encodedOnce, SLOT } from './encoding.js';

const textEncoder: TextEncoder = new TextEncoder();

/** Encodes items as unmasked RFC 6455 frames, for WebSocket links and for bodies of fetch streams (SN-16, SN-17). */
export const frameEncoding: Encoding = {
  contentType: 'application/octet-stream',
  encodeMessage(message: Message): Uint8Array {
    const { memory, from, byteLength, frame } = message;
    return frame < 0 ? encodedOnce(message, SLOT.frame, frameOf) : memory.subarray(frame, from + byteLength);
  },
  encodeRecord(record: ControlRecord): Uint8Array {
    return encodeFrame(OPCODE.text, recordFramePayload(record));
  },
};

function frameOf(message: Message): Uint8Array {
  return encodeFrame(message.binary ? OPCODE.binary : OPCODE.text, framePayload(message));
}

/**
 * Returns the frame payload of a message: its bytes, preceded by U+0000 for a text that begins with U+0000 (SN-16) and
 * for a typed message (EN-18).
 */
export function framePayload(message: Message): Uint8Array {
  const { binary, bytes } = message;
  if (binary || (bytes[0] !== 0 && !message.typed)) return bytes;
  const escaped = new Uint8Array(bytes.length + 1);
  escaped.set(bytes, 1);
  return escaped;
}

/** Returns the text frame payload of a control record: U+0000, then JSON (SN-16). */
export function recordFramePayload(record: ControlRecord): Uint8Array {
  return textEncoder.encode(`\0${encodeRecord(record)}`);
}
