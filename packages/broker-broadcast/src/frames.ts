/*
 * The layout of a frame: version, kind, sender, number, body. Each sender numbers its frames with a body 1, 2, 3 and so
 * on; a skipped number counts as a lost frame. A frame without a body repeats the last number.
 */

const VERSION = 1;
const KIND_AT = 1;
const FROM_AT = 2;
const NUMBER_AT = 14;
const NUMBER_BYTES = 6;
const LENGTH_BYTES = 4;

/** Bytes of a sender's random, unique name. */
export const FROM_BYTES: number = NUMBER_AT - FROM_AT;
/** Bytes before the body. */
export const HEADER_BYTES: number = NUMBER_AT + NUMBER_BYTES;

/**
 * The kind of a frame. `records`: whole records (encoded publications), each preceded by its length. `firstPart`,
 * `part`, `lastPart`: pieces of one record that is too long for a frame. `beat`: a heartbeat. `end`: the sender closes.
 */
export type FrameKind = (typeof KINDS)[number];

const KINDS = ['records', 'firstPart', 'part', 'lastPart', 'beat', 'end'] as const;

/** A decoded frame. */
export interface BrokerFrame {
  readonly kind: FrameKind;
  readonly from: string;
  readonly number: number;
  readonly body: Buffer;
}

/** Encodes a frame. The parts of `body` are concatenated. */
export function encodeBrokerFrame(kind: FrameKind, from: Buffer, number: number, body: readonly Buffer[] = []): Buffer {
  const header = Buffer.allocUnsafe(HEADER_BYTES);
  header[0] = VERSION;
  header[KIND_AT] = KINDS.indexOf(kind);
  header.set(from, FROM_AT);
  header.writeUIntBE(number, NUMBER_AT, NUMBER_BYTES);
  return Buffer.concat([header, ...body]);
}

/**
 * Decodes a frame.
 *
 * @throws RangeError if it has another version or is not a frame
 */
export function decodeFrame(frame: Buffer): BrokerFrame {
  const kind = KINDS[frame[KIND_AT] ?? KINDS.length];
  if (frame[0] !== VERSION || kind === undefined || frame.length < HEADER_BYTES)
    throw new RangeError('Not a frame of this version.');
  return {
    kind,
    from: frame.toString('latin1', FROM_AT, NUMBER_AT),
    number: frame.readUIntBE(NUMBER_AT, NUMBER_BYTES),
    body: frame.subarray(HEADER_BYTES),
  };
}

/** Returns the number of bytes that a record takes in a `records` frame. */
export function lengthWithin(record: Buffer): number {
  return LENGTH_BYTES + record.length;
}

/** Returns the parts of the body of a `records` frame: each record, preceded by its length. */
export function joinRecords(records: readonly Buffer[]): Buffer[] {
  return records.flatMap((record) => {
    const length = Buffer.allocUnsafe(LENGTH_BYTES);
    length.writeUInt32BE(record.length);
    return [length, record];
  });
}

/**
 * Splits the body of a `records` frame.
 *
 * @throws RangeError if the lengths do not match the body
 */
export function* splitRecords(body: Buffer): Generator<Buffer> {
  for (let at = 0; at < body.length; ) {
    const from = at + LENGTH_BYTES;
    at = from + body.readUInt32BE(at);
    if (at > body.length) throw new RangeError('A record ends beyond its frame.');
    yield body.subarray(from, at);
  }
}
