import { applyMask } from './mask.js';
import { CONTROL_PAYLOAD_BYTES_MAX, OPCODE, type Opcode } from './opcode.js';

const NO_BYTES: Uint8Array = new Uint8Array(0);
const textEncoder: TextEncoder = new TextEncoder();

/** Returns the header length in bytes of an unmasked frame, in the shortest form for this payload (RFC 6455 §5.2). */
export function frameHeaderBytes(payloadBytes: number): number {
  return payloadBytes <= 125 ? 2 : payloadBytes <= 65_535 ? 4 : 10;
}

/**
 * Writes the header of a final, unmasked frame into `target` at `at`, so that a server can lay frames back to back.
 * @returns the offset at which the payload begins.
 */
export function writeFrameHeader(target: Uint8Array, at: number, opcode: Opcode, payloadBytes: number): number {
  target[at] = 0x80 | opcode;
  if (payloadBytes <= 125) {
    target[at + 1] = payloadBytes;
    return at + 2;
  }
  const lengthBytes = payloadBytes <= 65_535 ? 2 : 8;
  target[at + 1] = lengthBytes === 2 ? 126 : 127;
  // The length, highest byte first. Divided and not shifted, because it may exceed 32 bits.
  let rest = payloadBytes;
  for (let place = at + 1 + lengthBytes; place > at + 1; place--) {
    target[place] = rest;
    rest = Math.floor(rest / 256);
  }
  return at + 2 + lengthBytes;
}

/** Encodes a whole unmasked frame, as a server sends it. The bytes are the same for every receiver (RFC 6455 §5.1). */
export function encodeFrame(opcode: Opcode, payload: Uint8Array): Uint8Array {
  const frame = new Uint8Array(frameHeaderBytes(payload.length) + payload.length);
  frame.set(payload, writeFrameHeader(frame, 0, opcode, payload.length));
  return frame;
}

/**
 * Encodes a whole masked frame, as a client sends it.
 * @param key fresh and unpredictable for each frame (RFC 6455 §5.3, §10.3): one int32 from a strong source.
 */
export function encodeMaskedFrame(opcode: Opcode, payload: Uint8Array, key: number): Uint8Array {
  const headerBytes = frameHeaderBytes(payload.length) + 4;
  const frame = new Uint8Array(headerBytes + payload.length);
  writeFrameHeader(frame, 0, opcode, payload.length);
  frame[1]! |= 0x80;
  for (let at = 1; at <= 4; at++) frame[headerBytes - at] = key >>> (8 * (at - 1));
  frame.set(payload, headerBytes);
  applyMask(frame, headerBytes, frame.length, key, 0);
  return frame;
}

/**
 * Encodes the payload of a close frame (RFC 6455 §5.5.1). A reason that does not fit is cut at a character boundary.
 * @param code one that a close frame may carry, or `undefined` for an empty payload.
 */
export function encodeClosePayload(code?: number, reason = ''): Uint8Array {
  if (code === undefined) return NO_BYTES;
  const bytes = textEncoder.encode(reason);
  let reasonBytes = Math.min(bytes.length, CONTROL_PAYLOAD_BYTES_MAX - 2);
  // A byte 10xxxxxx continues a character; a cut before it would leave an incomplete character.
  while (reasonBytes < bytes.length && (bytes[reasonBytes]! & 0xc0) === 0x80) reasonBytes--;
  const payload = new Uint8Array(2 + reasonBytes);
  payload[0] = code >> 8;
  payload[1] = code;
  payload.set(bytes.subarray(0, reasonBytes), 2);
  return payload;
}

/** Encodes a server's close frame. */
export function encodeClose(code?: number, reason?: string): Uint8Array {
  return encodeFrame(OPCODE.close, encodeClosePayload(code, reason));
}

/** Encodes a server's ping. @param payload cut to 125 bytes */
export function encodePing(payload: Uint8Array = NO_BYTES): Uint8Array {
  return encodeFrame(OPCODE.ping, payload.subarray(0, CONTROL_PAYLOAD_BYTES_MAX));
}

/** Encodes a server's pong with the payload of the ping it answers (RFC 6455 §5.5.3). */
export function encodePong(payload: Uint8Array): Uint8Array {
  return encodeFrame(OPCODE.pong, payload.subarray(0, CONTROL_PAYLOAD_BYTES_MAX));
}
