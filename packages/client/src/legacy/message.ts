import { type Data, xxHash32 } from '@everywire/protocol/internal';

/** Bytes as an array of numbers, or as the engine's own type. */
type Bytes = ArrayLike<number>;

/**
 * Replaces the protocol's class in the legacy build. Has the same content, length and hash (SN-5), but needs no typed
 * arrays and no text codecs. All properties are plain fields, because old engines have no getters.
 */
export class Message {
  readonly binary: boolean;
  readonly byteLength: number;
  readonly hash: number;
  readonly text: string;
  readonly bytes: Bytes;
  /** The content as the application receives it. */
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

/** Creates a text message. Replaces a lone surrogate by U+FFFD (SN-18). */
export function messageFromText(text: string): Message {
  const whole = text.replace(/[\ud800-\udbff][\udc00-\udfff]|[\ud800-\udfff]/g, (units) =>
    units.length > 1 ? units : '\ufffd',
  );
  // Converts to UTF-8, with one UTF-16 unit for each byte, by functions that old engines have.
  const utf8 = unescape(encodeURIComponent(whole));
  const numbers: number[] = [];
  for (let at = 0; at < utf8.length; at++) numbers.push(utf8.charCodeAt(at));
  return new Message(false, whole, numbers);
}

/** Creates a binary message, which takes over `bytes`. */
export function messageFromBytes(bytes: Bytes): Message {
  return new Message(true, '', bytes);
}
