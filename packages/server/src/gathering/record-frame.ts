import type { SessionLimits } from '@everywire/protocol';
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
  const json = record.t === 'opened' ? openedJson(record) : encodeRecord(record);
  const payloadBytes = Buffer.byteLength(json) + 1;
  const frame = Buffer.allocUnsafe(frameHeaderBytes(payloadBytes) + payloadBytes);
  const at = writeFrameHeader(frame, 0, OPCODE.text, payloadBytes);
  frame[at] = 0;
  frame.write(json, at + 1);
  return frame;
}

/** Every session of a server is told the same limits. */
let knownLimits: SessionLimits | null = null;
let knownJson = '';

function openedJson(record: ServerRecord & { readonly t: 'opened' }): string {
  const { id, received, limits, features } = record;
  if (features === undefined) return encodeRecord(record);
  if (limits !== knownLimits) knownJson = JSON.stringify(limits);
  knownLimits = limits;
  const [quotedId, quotedFeatures] = [JSON.stringify(id), JSON.stringify(features)];
  return `{"t":"opened","id":${quotedId},"received":${received},"limits":${knownJson},"features":${quotedFeatures}}`;
}
