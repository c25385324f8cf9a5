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

/** The bit of the first frame's first byte that marks a compressed message (RFC 7692 section 6). */
const RSV1 = 0x40;

/** The window is the number of earlier bytes that compressed data may refer to: 2 to the power of these bits (RFC 7692 7.1.2.1). */
const WINDOW_MAX = 15;
const WINDOW_MIN = 8;

/**
 * Creates the encodings of WebSockets with compression, indexed by the bits of the client's window, 8 to 15. A message is compressed
 * once for all clients, with the full window. A client with a smaller window gets the compressed frame only if the message is not
 * longer than its window, because no reference can then go further back. Otherwise the client gets the plain frame.
 */
export function createDeflateEncodings(
  limits: Pick<ServerLimits, 'deflateBytesMin' | 'deflateBytesMax'>,
): readonly (Encoding | undefined)[] {
  const { deflateBytesMin, deflateBytesMax } = limits;
  const encodings: Encoding[] = [];
  const whole = createDeflateEncoding(limits);
  encodings[WINDOW_MAX] = whole;
  for (let window = WINDOW_MIN; window < WINDOW_MAX; window++) {
    // One byte less than the window, because the payload of a text that begins with U+0000 is one byte longer than the text.
    const longest = 2 ** window - 1;
    if (longest < deflateBytesMin) encodings[window] = frameEncoding;
    else if (longest >= deflateBytesMax) encodings[window] = whole;
    else encodings[window] = createDeflateEncoding({ deflateBytesMin, deflateBytesMax: longest });
  }
  return encodings;
}

/**
 * Creates the encoding of WebSockets with permessage-deflate. A message is compressed for its first receiver, and the frame is
 * shared by all (SN-17). Records, and messages that are short, long or not compressible, use the plain frame.
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
