const encoder: TextEncoder = new TextEncoder();
// A leading U+FEFF is content, not a byte order mark (SN-18): without `ignoreBOM` it would be lost.
const decoder: TextDecoder = new TextDecoder('utf-8', { ignoreBOM: true });

/**
 * One message of a session: text or binary, immutable, and shared by every subscriber it goes to (SN-5).
 *
 * No session, number or transport is in it, so what an encoding makes of it is the same for all and is kept in `encoded`.
 */
export class Message {
  readonly binary: boolean;
  /** The content; UTF-8 for text. Belongs to the message: nobody may write to it, or reuse its memory. */
  readonly bytes: Uint8Array;
  /** Publish counter of the server that made it, strictly rising in each session's queue; 0 where nobody counts. */
  readonly serial: number;
  /** What this message adds to the running checksum of a stream (SN-5): an int32 over kind, length and some content. */
  readonly sum: number;
  /** What each encoding made of it, by `Encoding.slot`. Written by the encodings alone. */
  readonly encoded: (Uint8Array | undefined)[] = [undefined, undefined, undefined];
  #text: string | undefined;

  /** @param text what `bytes` decode to, where the caller has it anyway. Callers outside this file use the functions below. */
  constructor(binary: boolean, bytes: Uint8Array, serial = 0, text?: string) {
    const { length } = bytes;
    this.binary = binary;
    this.bytes = bytes;
    this.serial = serial;
    this.sum = mix(mix(mix(length * 2 + Number(binary), bytes[0]), bytes[length >> 1]), bytes[length - 1]);
    this.#text = text;
  }

  get byteLength(): number {
    return this.bytes.length;
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

function mix(sum: number, byte: number | undefined): number {
  return (Math.imul(sum, 31) + (byte ?? 0)) | 0;
}
