import { randomBytes } from 'node:crypto';

/** One frame of RFC 6455 as it was on the wire, valid or not. */
export interface ParsedFrame {
  readonly final: boolean;
  readonly reserved: number;
  readonly opcode: number;
  readonly masked: boolean;
  /** Whether the length was encoded in its shortest form. */
  readonly shortest: boolean;
  readonly payload: Buffer;
}

/** The fields of a frame to encode. `frameBytes` says what a missing field defaults to. */
export interface FrameParts {
  readonly opcode: number;
  readonly payload?: string | Uint8Array;
  readonly final?: boolean;
  readonly reserved?: number;
  readonly masked?: boolean;
  /** Size of the extended length: 0, 2 or 8 bytes. Default: the shortest. */
  readonly lengthBytes?: 0 | 2 | 8;
}

/**
 * Encodes a client's frame. The defaults follow RFC 6455; nothing is checked, so that a check can build invalid frames.
 */
export function frameBytes(parts: FrameParts): Buffer {
  const { opcode, payload = '', final = true, reserved = 0, masked = true } = parts;
  const content = Buffer.from(payload as Uint8Array);
  const lengthBytes = parts.lengthBytes ?? (content.length < 126 ? 0 : content.length < 65_536 ? 2 : 8);
  const head = Buffer.alloc(2 + lengthBytes);
  head[0] = (final ? 0x80 : 0) | (reserved << 4) | opcode;
  head[1] = (masked ? 0x80 : 0) | (lengthBytes === 0 ? content.length : lengthBytes === 2 ? 126 : 127);
  if (lengthBytes > 0)
    head.writeUIntBE(content.length, 2 + lengthBytes - Math.min(lengthBytes, 6), Math.min(lengthBytes, 6));
  if (!masked) return Buffer.concat([head, content]);
  const key = randomBytes(4);
  return Buffer.concat([head, key, content.map((byte, at) => byte ^ (key[at % 4] as number))]);
}

/** Returns the complete frames in these bytes. */
export function readFrames(bytes: Buffer): readonly ParsedFrame[] {
  const frames: ParsedFrame[] = [];
  for (let at = 0; ; ) {
    const read = readFrame(bytes, at);
    if (read === undefined) return frames;
    frames.push(read.frame);
    at = read.end;
  }
}

function readFrame(bytes: Buffer, from: number): { readonly frame: ParsedFrame; readonly end: number } | undefined {
  const [first, second] = [bytes[from], bytes[from + 1]];
  if (first === undefined || second === undefined) return undefined;
  const short = second & 0x7f;
  const lengthBytes = short < 126 ? 0 : short === 126 ? 2 : 8;
  const masked = second >= 0x80;
  const begin = from + 2 + lengthBytes + (masked ? 4 : 0);
  if (bytes.length < begin) return undefined;
  const length =
    lengthBytes === 0
      ? short
      : lengthBytes === 2
        ? bytes.readUInt16BE(from + 2)
        : Number(bytes.readBigUInt64BE(from + 2));
  if (bytes.length < begin + length) return undefined;
  const frame: ParsedFrame = {
    final: first >= 0x80,
    reserved: (first >> 4) & 7,
    opcode: first & 15,
    masked,
    shortest: lengthBytes === 0 || length >= (lengthBytes === 2 ? 126 : 65_536),
    payload: bytes.subarray(begin, begin + length),
  };
  return { frame, end: begin + length };
}
