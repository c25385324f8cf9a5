import { xxHash32 } from './checksum.js';

const encoder: TextEncoder = new TextEncoder();
// A leading U+FEFF is content, not a byte order mark (SN-18): without `ignoreBOM` it would be lost.
const decoder: TextDecoder = new TextDecoder('utf-8', { ignoreBOM: true });

/**
 * One message of a session: text or binary, immutable, and shared by every subscriber it goes to (SN-5).
 *
 * No session, number or transport is in it, so what an encoding makes of it is the same for all and is kept in `encoded`. A
 * busy server holds a window of them for each session: this is one object, and a view of its bytes is made when asked for.
 */
export class Message {
  declare readonly binary: boolean;
  declare readonly byteLength: number;
  /** Publish counter of the server that made it, strictly rising in each session's queue; 0 where nobody counts. */
  declare readonly serial: number;
  /** The content lies here, from `from` on; UTF-8 for text. Nobody may write to these bytes, or reuse their memory. */
  declare readonly memory: Uint8Array;
  declare readonly from: number;
  /** Where in `memory` the frame of this content begins, which ends where the content does; -1 where none is laid out. */
  declare readonly frame: number;
  /** What each encoding made of it, by `SLOT`; `null` until there is one. Written by the encodings alone. */
  encoded: (Uint8Array | undefined)[] | null = null;
  /** Of a `TypedMessage` alone: not the application's own, and told apart from a text on every wire (EN-18). */
  declare readonly typed?: true;
  /** Of a message that replaces unwritten ones of the same key alone (SN-33). Set once, by who publishes it. */
  declare key?: string;
  /** `hash`, once it was asked for; set by a caller that makes the same message again. */
  knownHash: number | undefined;
  #text: string | undefined;

  /** @param text what the bytes decode to, where the caller has it anyway. Callers use the functions below. */
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

  /** Hash of every byte and of the kind, an int32: what this message adds to a running checksum (SN-5). Computed at most once. */
  get hash(): number {
    this.knownHash ??= xxHash32(this.memory, this.from, this.byteLength, Number(this.binary));
    return this.knownHash;
  }

  /** The content; UTF-8 for text. Belongs to the message: nobody may write to it. */
  get bytes(): Uint8Array {
    const { memory, from, byteLength } = this;
    return byteLength === memory.length ? memory : memory.subarray(from, from + byteLength);
  }

  /** The content as text, decoded at the first use. Of a binary message: its bytes read as UTF-8. */
  get text(): string {
    this.#text ??= decoder.decode(this.bytes);
    return this.#text;
  }

  /** What the application gets: a string for text, the bytes for binary. */
  get data(): string | Uint8Array {
    return this.binary ? this.bytes : this.text;
  }
}

/** A text message. A lone surrogate, which UTF-8 cannot carry, becomes U+FFFD here and nowhere later (SN-18). */
export function messageFromText(text: string, serial?: number): Message {
  const bytes = encoder.encode(text);
  // As many bytes as code units means ASCII; only a longer text can hold a surrogate, and then it is decoded anew.
  const kept = bytes.length === text.length || !/\p{Surrogate}/u.test(text);
  return new Message(false, bytes, serial, kept ? text : undefined);
}

/** A binary message. It owns `bytes` from here on: a caller that goes on using the memory passes a copy. */
export function messageFromBytes(bytes: Uint8Array, serial?: number): Message {
  return new Message(true, bytes, serial);
}

/** A text message from bytes already known to be valid UTF-8. It owns them from here on. */
export function messageFromUtf8(bytes: Uint8Array, serial?: number): Message {
  return new Message(false, bytes, serial);
}
