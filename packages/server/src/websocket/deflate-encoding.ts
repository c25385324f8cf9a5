import {
  type Encoding,
  encodedOnce,
  encodeFrame,
  frameEncoding,
  framePayload,
  type Message,
  OPCODE,
  SLOT,
} from '@everywire/protocol/internal';
import type { ServerLimits } from '../limits.js';
import { compress } from './deflate.js';

/** RFC 7692 section 6: set in the first frame of a compressed message. */
const RSV1 = 0x40;

/** Bits of the largest window (RFC 7692 section 7.1.2.1), and of the smallest. */
const WINDOW_MAX = 15;
const WINDOW_MIN = 8;

/**
 * Encodings by the bits of the window that a client has, 8 to 15. A message is compressed with the full window and once for all;
 * a client with a smaller one gets those frames whose messages are not longer than its window, so that nothing in them refers
 * further back, and every other message plain.
 */
export function createDeflateEncodings(
  limits: Pick<ServerLimits, 'deflateBytesMin' | 'deflateBytesMax'>,
): readonly (Encoding | undefined)[] {
  const { deflateBytesMin, deflateBytesMax } = limits;
  const encodings: Encoding[] = [];
  const whole = createDeflateEncoding(limits);
  encodings[WINDOW_MAX] = whole;
  for (let window = WINDOW_MIN; window < WINDOW_MAX; window++) {
    // A text that begins with U+0000 is one byte longer as a payload.
    const longest = 2 ** window - 1;
    if (longest < deflateBytesMin) encodings[window] = frameEncoding;
    else if (longest >= deflateBytesMax) encodings[window] = whole;
    else encodings[window] = createDeflateEncoding({ deflateBytesMin, deflateBytesMax: longest });
  }
  return encodings;
}

/**
 * Frames for WebSockets that negotiated permessage-deflate. A message is compressed at its first subscriber and shared by all,
 * like its frame (SN-17); what is short, long or does not get shorter, and every record, is the plain frame that all others get.
 */
export function createDeflateEncoding(limits: Pick<ServerLimits, 'deflateBytesMin' | 'deflateBytesMax'>): Encoding {
  const { deflateBytesMin, deflateBytesMax } = limits;
  return {
    contentType: frameEncoding.contentType,
    encodeMessage(message: Message): Uint8Array {
      const { byteLength } = message;
      const plain = byteLength < deflateBytesMin || byteLength > deflateBytesMax;
      return plain ? frameEncoding.encodeMessage(message) : encodedOnce(message, SLOT.deflate, compressedFrame);
    },
    encodeRecord: (record) => frameEncoding.encodeRecord(record),
  };
}

function compressedFrame(message: Message): Uint8Array {
  const payload = framePayload(message);
  const compressed = compress(payload);
  if (compressed.length >= payload.length) return frameEncoding.encodeMessage(message);
  const frame = encodeFrame(message.binary ? OPCODE.binary : OPCODE.text, compressed);
  (frame[0] as number) |= RSV1;
  return frame;
}
