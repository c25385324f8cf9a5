import type { Data } from '@everywire/protocol/internal';

/** One byte string, or the bytes of an engine that has them. */
type Bytes = ArrayLike<number>;

/**
 * A message, in the place of protocol's own: the same content, length and checksum (SN-5) without typed arrays and text codecs.
 * What is read of one here is a plain field.
 */
export class Message {
  readonly binary: boolean;
  readonly byteLength: number;
  readonly sum: number;
  readonly text: string;
  readonly bytes: Bytes;
  /** What the application gets. */
  readonly data: Data;
  declare readonly typed?: true;

  constructor(binary: boolean, text: string, bytes: Bytes, byteAt: (at: number) => number) {
    const { length } = bytes;
    this.binary = binary;
    this.byteLength = length;
    this.text = text;
    this.bytes = bytes;
    const ends = length ? [byteAt(0), byteAt(length >> 1), byteAt(length - 1)] : [0, 0, 0];
    let sum = length * 2 + Number(binary);
    for (const end of ends) sum = (Math.imul(sum, 31) + end) | 0;
    this.sum = sum;
    this.data = (binary ? bytes : text) as Data;
  }
}

/** A lone surrogate becomes U+FFFD here and nowhere later (SN-18). */
export function messageFromText(text: string): Message {
  const whole = text.replace(/[\ud800-\udbff][\udc00-\udfff]|[\ud800-\udfff]/g, (units) =>
    units.length > 1 ? units : '\ufffd',
  );
  // One unit a byte: the way to UTF-8 of 1999.
  const utf8 = unescape(encodeURIComponent(whole));
  return new Message(false, whole, utf8 as unknown as Bytes, (at) => utf8.charCodeAt(at));
}

/** It owns `bytes` from here on. */
export function messageFromBytes(bytes: Bytes): Message {
  return new Message(true, '', bytes, (at) => bytes[at] as number);
}
