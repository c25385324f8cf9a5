import type { SessionLimits } from '@everywire/protocol';
import {
  type ChannelRecord,
  encodeRecord,
  frameHeaderBytes,
  OPCODE,
  type ServerRecord,
  writeFrameHeader,
} from '@everywire/protocol/internal';

/**
 * Returns the frame of a record. The bytes equal those of `frameEncoding`. If the frame is ASCII, returns it as a text
 * with one character for each byte, because the off-heap memory of a buffer would be expensive for the two records that
 * answer each handshake.
 */
export function recordFrame(record: ServerRecord | ChannelRecord): Uint8Array | string {
  const json = record.t === 'opened' ? openedJson(record) : encodeRecord(record);
  const payloadBytes = Buffer.byteLength(json) + 1;
  if (payloadBytes === json.length + 1 && payloadBytes <= 65_535) return frameHead(payloadBytes) + json;
  const frame = Buffer.allocUnsafe(frameHeaderBytes(payloadBytes) + payloadBytes);
  const at = writeFrameHeader(frame, 0, OPCODE.text, payloadBytes);
  frame[at] = 0;
  frame.write(json, at + 1);
  return frame;
}

/** Returns the header of a text frame (RFC 6455 section 5.2), and the U+0000 that starts a record (SN-16). */
function frameHead(payloadBytes: number): string {
  if (payloadBytes <= 125) return String.fromCharCode(0x80 | OPCODE.text, payloadBytes, 0);
  return String.fromCharCode(0x80 | OPCODE.text, 126, payloadBytes >> 8, payloadBytes & 0xff, 0);
}

/** Cache of the JSON of the limits, which are the same for every session of a server. */
let knownLimits: SessionLimits | null = null;
let knownJson = '';

function openedJson(record: ServerRecord & { readonly t: 'opened' }): string {
  const { id, nonce, received, limits, features } = record;
  if (features === undefined || nonce === undefined) return encodeRecord(record);
  if (limits !== knownLimits) knownJson = JSON.stringify(limits);
  knownLimits = limits;
  const [quotedId, quotedNonce] = [JSON.stringify(id), JSON.stringify(nonce)];
  const last = `"limits":${knownJson},"features":${JSON.stringify(features)}}`;
  return `{"t":"opened","id":${quotedId},"nonce":${quotedNonce},"received":${received},${last}`;
}
