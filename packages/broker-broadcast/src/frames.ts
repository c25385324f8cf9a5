import { createHmac, type KeyObject, timingSafeEqual } from 'node:crypto';

/*
 * The layout of a frame: version, kind, sender, number, body, and with a key a MAC (message authentication code) over
 * all of that. Each sender numbers its frames with a body 1, 2, 3 and so on; a skipped number counts as a lost frame. A
 * frame without records repeats the last number.
 */

const VERSION = 1;
const SIGNED_VERSION = 2;
const KIND_AT = 1;
const FROM_AT = 2;
const NUMBER_AT = 14;
const NUMBER_BYTES = 6;
const LENGTH_BYTES = 4;
const HEADER_BYTES = NUMBER_AT + NUMBER_BYTES;
/**
 * Bytes of HMAC-SHA-256 that a frame carries. Half of it is what RFC 2104 recommends at least: a forger succeeds once in
 * 2^128 tries, and has to try on the broker, where each failure is reported.
 */
const MAC_BYTES = 16;

/** Bytes of a sender's random, unique name. */
export const FROM_BYTES: number = NUMBER_AT - FROM_AT;

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

/** The body of a heartbeat of a sender with a key. */
export interface SignedBeat {
  /** The number of the heartbeat. Each sender counts its heartbeats. */
  readonly count: number;
  /** The names of nodes that the sender receives frames of. */
  readonly heard: readonly string[];
}

/** Encodes frames of one sender, and decodes those of others. With a key, signs the frames and accepts no others. */
export class FrameCodec {
  readonly #from: Buffer;
  readonly #key: KeyObject | null;

  constructor(from: Buffer, key: KeyObject | null) {
    this.#from = from;
    this.#key = key;
  }

  /** Whether frames are signed. */
  get isSigned(): boolean {
    return this.#key !== null;
  }

  /** Bytes of a frame besides its body. */
  get overhead(): number {
    return HEADER_BYTES + (this.#key === null ? 0 : MAC_BYTES);
  }

  /** Encodes a frame. The parts of `body` are concatenated. */
  encode(kind: FrameKind, number: number, body: readonly Buffer[] = []): Buffer {
    const header = Buffer.allocUnsafe(HEADER_BYTES);
    header[0] = this.#key === null ? VERSION : SIGNED_VERSION;
    header[KIND_AT] = KINDS.indexOf(kind);
    header.set(this.#from, FROM_AT);
    header.writeUIntBE(number, NUMBER_AT, NUMBER_BYTES);
    if (this.#key === null) return Buffer.concat([header, ...body]);
    const frame = Buffer.concat([header, ...body, Buffer.allocUnsafe(MAC_BYTES)]);
    const end = frame.length - MAC_BYTES;
    frame.write(macOf(frame.subarray(0, end), this.#key), end, 'latin1');
    return frame;
  }

  /**
   * Decodes a frame of another sender; returns `null` for an own one, which some services bring back.
   *
   * @throws RangeError if it has another version, is not signed with the key, or is not a frame
   */
  decode(frame: Buffer): BrokerFrame | null {
    if (frame.subarray(FROM_AT, NUMBER_AT).equals(this.#from)) return null;
    const kind = kindOf(frame);
    const end = frame.length - this.overhead + HEADER_BYTES;
    if (frame[0] !== (this.#key === null ? VERSION : SIGNED_VERSION) || kind === undefined || end < HEADER_BYTES)
      throw new RangeError('Not a frame of this version.');
    if (this.#key !== null && !isSigned(frame, end, this.#key)) throw new RangeError('A frame has a false signature.');
    return {
      kind,
      from: frame.toString('latin1', FROM_AT, NUMBER_AT),
      number: frame.readUIntBE(NUMBER_AT, NUMBER_BYTES),
      body: frame.subarray(HEADER_BYTES, end),
    };
  }
}

/** Returns the kind of a frame; `undefined` if it has none. */
export function kindOf(frame: Buffer): FrameKind | undefined {
  return KINDS[frame[KIND_AT] ?? KINDS.length];
}

function isSigned(frame: Buffer, end: number, key: KeyObject): boolean {
  return timingSafeEqual(frame.subarray(end), Buffer.from(macOf(frame.subarray(0, end), key), 'latin1'));
}

/** Returns the MAC as text of one character a byte, because Node creates that faster than a buffer. */
function macOf(bytes: Buffer, key: KeyObject): string {
  return createHmac('sha256', key).update(bytes).digest('binary').slice(0, MAC_BYTES);
}

/** Encodes the body of a heartbeat. Names only the first nodes if `bytesMax` does not suffice for all. */
export function encodeBeat(count: number, heard: readonly string[], bytesMax: number): Buffer {
  const number = Buffer.allocUnsafe(NUMBER_BYTES);
  number.writeUIntBE(count, 0, NUMBER_BYTES);
  const names = heard.slice(0, Math.floor((bytesMax - NUMBER_BYTES) / FROM_BYTES));
  return Buffer.concat([number, Buffer.from(names.join(''), 'latin1')]);
}

/**
 * Decodes the body of a heartbeat.
 *
 * @throws RangeError if it is too short
 */
export function decodeBeat(body: Buffer): SignedBeat {
  const heard: string[] = [];
  for (let at = NUMBER_BYTES; at < body.length; at += FROM_BYTES)
    heard.push(body.toString('latin1', at, at + FROM_BYTES));
  return { count: body.readUIntBE(0, NUMBER_BYTES), heard };
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
