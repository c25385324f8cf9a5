/*
 * What travels: version, kind, who sends it, a number, and what it brings. Frames that bring something are numbered 1, 2, 3 and on; a number that was given
 * to nothing is as good as a lost frame. A frame of another kind says the last number that was given.
 */

const VERSION = 1;
const KIND_AT = 1;
const FROM_AT = 2;
const NUMBER_AT = 14;
const NUMBER_BYTES = 6;
const LENGTH_BYTES = 4;

/** Of the name that a sender takes, which no other has or had. */
export const FROM_BYTES: number = NUMBER_AT - FROM_AT;
export const HEADER_BYTES: number = NUMBER_AT + NUMBER_BYTES;

/** `records`: some, whole, each behind its length. `firstPart`, `part`, `lastPart`: of one that is too long for a frame. `beat`: a sign of life. `end`: the sender closes. */
export type FrameKind = (typeof KINDS)[number];

const KINDS = ['records', 'firstPart', 'part', 'lastPart', 'beat', 'end'] as const;

export interface Frame {
  readonly kind: FrameKind;
  readonly from: string;
  readonly number: number;
  readonly body: Buffer;
}

export function encodeFrame(kind: FrameKind, from: Buffer, number: number, body: readonly Buffer[] = []): Buffer {
  const header = Buffer.allocUnsafe(HEADER_BYTES);
  header[0] = VERSION;
  header[KIND_AT] = KINDS.indexOf(kind);
  header.set(from, FROM_AT);
  header.writeUIntBE(number, NUMBER_AT, NUMBER_BYTES);
  return Buffer.concat([header, ...body]);
}

/** @throws RangeError where it is none of this version */
export function decodeFrame(frame: Buffer): Frame {
  const kind = KINDS[frame[KIND_AT] ?? KINDS.length];
  if (frame[0] !== VERSION || kind === undefined || frame.length < HEADER_BYTES)
    throw new RangeError('A frame of another version, or of something else.');
  return {
    kind,
    from: frame.toString('latin1', FROM_AT, NUMBER_AT),
    number: frame.readUIntBE(NUMBER_AT, NUMBER_BYTES),
    body: frame.subarray(HEADER_BYTES),
  };
}

/** What a record takes in a frame of several. */
export function lengthWithin(record: Buffer): number {
  return LENGTH_BYTES + record.length;
}

export function joinRecords(records: readonly Buffer[]): Buffer[] {
  return records.flatMap((record) => {
    const length = Buffer.allocUnsafe(LENGTH_BYTES);
    length.writeUInt32BE(record.length);
    return [length, record];
  });
}

/** @throws RangeError where they do not fill the body */
export function* splitRecords(body: Buffer): Generator<Buffer> {
  for (let at = 0; at < body.length; ) {
    const from = at + LENGTH_BYTES;
    at = from + body.readUInt32BE(at);
    if (at > body.length) throw new RangeError('A record ends beyond its frame.');
    yield body.subarray(from, at);
  }
}
