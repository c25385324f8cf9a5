import {
  encodeRecord,
  frameHeaderBytes,
  OPCODE,
  type ServerRecord,
  writeFrameHeader,
} from '@everywire/protocol/internal';

/**
 * The frame of a record, as `frameEncoding` would make it, in Node's own pool of buffers: a handshake is answered with two records, and
 * memory outside the heap for each, twice, was a good part of its price.
 */
export function recordFrame(record: ServerRecord): Uint8Array {
  const json = encodeRecord(record);
  const payloadBytes = Buffer.byteLength(json) + 1;
  const frame = Buffer.allocUnsafe(frameHeaderBytes(payloadBytes) + payloadBytes);
  const at = writeFrameHeader(frame, 0, OPCODE.text, payloadBytes);
  frame[at] = 0;
  frame.write(json, at + 1);
  return frame;
}
