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
