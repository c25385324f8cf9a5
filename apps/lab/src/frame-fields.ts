/** One WebSocket frame (RFC 6455), prepared for the log. */
export interface FrameFields {
  /** The fields of the header as readable text. */
  readonly title: string;
  /** The start of the payload, unmasked. */
  readonly payload: Uint8Array;
}

/** The opcodes of RFC 6455. */
const names: Readonly<Record<number, string>> = {
  0: 'continuation',
  1: 'text',
  2: 'binary',
  8: 'close',
  9: 'ping',
  10: 'pong',
};
/** The number of bytes of a payload that are kept for the log. */
const PAYLOAD_KEPT = 400;
/** The longest header: 2 bytes, 8 for the length, 4 for the masking key. */
const HEADER_BYTES_MAX = 14;

/** Reads frames from bytes with arbitrary boundaries. Stores at most the header and the start of one payload. */
export class FrameFieldsReader {
  #header: number[] = [];
  #payloadLeft = 0;
  #kept: number[] = [];
  #title = '';
  #key: readonly number[] = [];

  /** Returns the frames that end in these bytes. */
  feed(bytes: Uint8Array): FrameFields[] {
    const frames: FrameFields[] = [];
    for (let at = 0; at < bytes.length; ) {
      if (this.#payloadLeft > 0) {
        const end = Math.min(bytes.length, at + this.#payloadLeft);
        this.#keep(bytes.subarray(at, Math.min(end, at + PAYLOAD_KEPT - this.#kept.length)));
        this.#payloadLeft -= end - at;
        at = end;
      } else {
        this.#header.push(bytes[at] ?? 0);
        at += 1;
        if (!this.#headerEnds()) continue;
      }
      if (this.#payloadLeft === 0) frames.push(this.#take());
    }
    return frames;
  }

  #keep(bytes: Uint8Array): void {
    for (const byte of bytes) this.#kept.push(byte ^ (this.#key[this.#kept.length % 4] ?? 0));
  }

  /** Parses the header once it is complete. Returns `false` while bytes of it are missing. */
  #headerEnds(): boolean {
    const [first = 0, second = 0] = this.#header;
    const short = second & 127;
    const lengthBytes = short === 126 ? 2 : short === 127 ? 8 : 0;
    const masked = second >= 128;
    if (this.#header.length < Math.min(HEADER_BYTES_MAX, 2 + lengthBytes + (masked ? 4 : 0))) return false;
    const extended = this.#header.slice(2, 2 + lengthBytes);
    const length = lengthBytes === 0 ? short : extended.reduce((sum, byte) => sum * 256 + byte, 0);
    this.#key = masked ? this.#header.slice(2 + lengthBytes) : [];
    this.#payloadLeft = length;
    const opcode = first & 15;
    this.#title = [
      `FIN ${first >> 7}`,
      `RSV ${(first >> 4) & 7}`,
      `opcode ${opcode} (${names[opcode] ?? 'reserved'})`,
      masked ? `mask ${this.#key.map((byte) => byte.toString(16).padStart(2, '0')).join('')}` : 'unmasked',
      `length ${length}`,
    ].join(', ');
    this.#header = [];
    return true;
  }

  #take(): FrameFields {
    const frame = { title: this.#title, payload: Uint8Array.from(this.#kept) };
    this.#kept = [];
    return frame;
  }
}
