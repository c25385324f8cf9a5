import { xxHash32 } from './checksum.js';

const encoder: TextEncoder = new TextEncoder();
// `ignoreBOM` keeps a leading U+FEFF, which is content and not a byte order mark (SN-18).
const decoder: TextDecoder = new TextDecoder('utf-8', { ignoreBOM: true });

/**
 * A message of a session: text or binary, immutable, and shared by all its subscribers (SN-5).
 *
 * A message contains no session, number or transport, so its encodings are the same for all subscribers and are cached
 * in `encoded`. A busy server holds many messages for each session. To save memory, a message is therefore a single
 * object, and creates a view of its bytes only on demand.
 */
export class Message {
  declare readonly binary: boolean;
  declare readonly byteLength: number;
  /**
   * Publish counter of the server that created it, strictly increasing in each session's queue; 0 if it is not counted.
   */
  declare readonly serial: number;
  /** Holds the content from `from` on, as UTF-8 for text. Must never be written to or reused. */
  declare readonly memory: Uint8Array;
  declare readonly from: number;
  /** Offset in `memory` of the frame with this content, which ends where the content ends; -1 if there is no frame. */
  declare readonly frame: number;
  /** Cached results of the encodings, by `SLOT`; allocated lazily. Only the encodings write to it. */
  encoded: (Uint8Array | undefined)[] | null = null;
  /** Set only by `TypedMessage`: not an application's message, and distinct from text in every encoding (EN-18). */
  declare readonly typed?: true;
  /** Conflation key: the message replaces unwritten messages with the same key (SN-33). The publisher sets it once. */
  declare key?: string;
  /** Cached `hash`. A caller that creates the same message again may set it. */
  knownHash: number | undefined;
  #text: string | undefined;

  /** Use the functions below instead. @param text the content as text, if the caller has it already */
  constructor(
    binary: boolean,
    memory: Uint8Array,
    serial = 0,
    text?: string,
    from = 0,
    length: number = memory.length,
    frame = -1,
  ) {
    this.binary = binary;
    this.byteLength = length;
    this.serial = serial;
    this.memory = memory;
    this.from = from;
    this.frame = frame;
    this.#text = text;
  }

  /**
   * Hash of the kind and every byte, as an int32: this message's part of a running checksum (SN-5). Computed at most
   * once.
   */
  get hash(): number {
    this.knownHash ??= xxHash32(this.memory, this.from, this.byteLength, Number(this.binary));
    return this.knownHash;
  }

  /** The content, as UTF-8 for text. Must not be written to. */
  get bytes(): Uint8Array {
    const { memory, from, byteLength } = this;
    return byteLength === memory.length ? memory : memory.subarray(from, from + byteLength);
  }

  /** The content as text, decoded at the first use. For a binary message: its bytes read as UTF-8. */
  get text(): string {
    this.#text ??= decoder.decode(this.bytes);
    return this.#text;
  }

  /** The content as the application receives it: a string for text, the bytes for binary. */
  get data(): string | Uint8Array {
    return this.binary ? this.bytes : this.text;
  }
}

/** Creates a text message. A lone surrogate, which UTF-8 cannot carry, is replaced by U+FFFD here (SN-18). */
export function messageFromText(text: string, serial?: number): Message {
  const bytes = encoder.encode(text);
  // An equal number of bytes and code units means ASCII. Only other texts can hold a surrogate; then the bytes are
  // decoded again.
  const kept = bytes.length === text.length || !/\p{Surrogate}/u.test(text);
  return new Message(false, bytes, serial, kept ? text : undefined);
}

/** Creates a binary message, which takes over `bytes`. A caller that keeps using the memory must pass a copy. */
export function messageFromBytes(bytes: Uint8Array, serial?: number): Message {
  return new Message(true, bytes, serial);
}

/** Creates a text message from valid UTF-8, which it takes over. The caller must have validated the bytes. */
export function messageFromUtf8(bytes: Uint8Array, serial?: number): Message {
  return new Message(false, bytes, serial);
}
