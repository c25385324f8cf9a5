import { type Data, xxHash32 } from '@everywire/protocol/internal';

/** Numbers, one a byte: an array, or what an engine has for that. */
type Bytes = ArrayLike<number>;

/**
 * A message, in the place of protocol's own: the same content, length and hash (SN-5) without typed arrays and text codecs.
 * What is read of one here is a plain field.
 */
export class Message {
  readonly binary: boolean;
  readonly byteLength: number;
  readonly hash: number;
  readonly text: string;
  readonly bytes: Bytes;
  /** What the application gets. */
  readonly data: Data;
  declare readonly typed?: true;

  constructor(binary: boolean, text: string, bytes: Bytes) {
    const { length } = bytes;
    this.binary = binary;
    this.byteLength = length;
    this.text = text;
    this.bytes = bytes;
    this.hash = xxHash32(bytes, 0, length, binary ? 1 : 0);
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
  const numbers: number[] = [];
  for (let at = 0; at < utf8.length; at++) numbers.push(utf8.charCodeAt(at));
  return new Message(false, whole, numbers);
}

/** It owns `bytes` from here on. */
export function messageFromBytes(bytes: Bytes): Message {
  return new Message(true, '', bytes);
}
