import type { IncomingHttpHeaders } from 'node:http';

const LF = 0x0a;
const CR = 0x0d;

// The states of `RequestBoundaries`, in the order of a request: those below `BODY` are in or before a head, those above it in chunks.
/** Before a head, where line ends are skipped (RFC 9112 section 2.2). */
const BEFORE = 0;
const IN_LINE = 1;
/** After the end of a line of a head or of the trailers of a chunked body. An empty line ends both. */
const LINE_BEGINS = 2;
const BODY = 3;
const CHUNK_SIZE = 4;
const CHUNK_EXTENSION = 5;
const CHUNK_LF = 6;
const CHUNK_DATA = 7;
const CHUNK_ENDS = 8;

/**
 * Maximum chunks of a body that are parsed in one tick of the event loop for one connection, because Node's parser creates an object
 * for each chunk, even if the chunk has only one byte.
 */
const CHUNKS_MAX = 100;

/**
 * Finds the ends of request heads and bodies in the bytes of a connection, so that `RequestGate` can pass one request at a time to
 * Node's parser. The parser still decides what is a request. If the bytes are not strict HTTP/1.1, each part ends at an empty line.
 */
export class RequestBoundaries {
  #state = BEFORE;
  /** Remaining bytes of the body or of the chunk. */
  #remainingBytes = 0;
  #headEnded = false;
  #chunks = 0;

  /** Whether the last `next` found so many chunks that the rest has to wait for a later tick of the event loop. */
  get isDense(): boolean {
    return this.#chunks === CHUNKS_MAX;
  }

  /** Returns how many of the bytes to parse next: up to the end of the first head or body, or all if neither ends here. */
  next(bytes: Uint8Array): number {
    this.#headEnded = false;
    this.#chunks = 0;
    if (this.#state < BODY) return this.#toEmptyLine(bytes, 0);
    if (this.#state > BODY) return this.#throughChunks(bytes);
    const length = Math.min(this.#remainingBytes, bytes.length);
    this.#remainingBytes -= length;
    if (this.#remainingBytes === 0) this.#state = BEFORE;
    return length;
  }

  /** Must be called with the headers of the request whose head ended in the last `next`. They state the form of the body. */
  began(headers: IncomingHttpHeaders): void {
    // If the parser has found the end of the head elsewhere, the start of the body is unknown.
    if (!this.#headEnded) return;
    const { 'transfer-encoding': encoding, 'content-length': length = 0 } = headers;
    this.#remainingBytes = encoding === undefined ? Number(length) : 0;
    if (this.#remainingBytes > 0) this.#state = BODY;
    else if (encoding !== undefined && /(?:^|,)\s*chunked\s*$/i.test(encoding)) this.#state = CHUNK_SIZE;
  }

  /** Must be called when the parser has read the latest request to its end, so that a head follows. */
  complete(): void {
    if (this.#state >= BODY) this.#state = BEFORE;
  }

  #toEmptyLine(bytes: Uint8Array, from: number): number {
    for (let at = from; at < bytes.length; at += 1) {
      if (this.#state === IN_LINE) {
        at = bytes.indexOf(LF, at);
        if (at < 0) break;
        this.#state = LINE_BEGINS;
        continue;
      }
      const byte = bytes[at];
      if (byte === LF && this.#state === LINE_BEGINS) {
        this.#state = BEFORE;
        this.#headEnded = true;
        return at + 1;
      }
      if (byte !== CR && byte !== LF) this.#state = IN_LINE;
    }
    return bytes.length;
  }

  #throughChunks(bytes: Uint8Array): number {
    for (let at = 0; at < bytes.length; ) {
      if (this.#state === CHUNK_DATA) {
        const length = Math.min(this.#remainingBytes, bytes.length - at);
        this.#remainingBytes -= length;
        at += length;
        if (this.#remainingBytes === 0) this.#state = CHUNK_ENDS;
        continue;
      }
      this.#readLine(bytes[at] as number);
      at += 1;
      if (this.#state === CHUNK_DATA) this.#chunks += 1;
      if (this.isDense) return at;
      // After the last chunk (or in invalid chunks), trailers follow up to an empty line.
      if (this.#state < BODY) return this.#toEmptyLine(bytes, at);
    }
    return bytes.length;
  }

  /** Reads one byte between the data of two chunks: `CRLF`, a size, optional extensions, `CRLF`. */
  #readLine(byte: number): void {
    switch (this.#state) {
      case CHUNK_ENDS:
        if (byte !== CR) this.#state = byte === LF ? CHUNK_SIZE : IN_LINE;
        return;
      case CHUNK_LF:
        this.#state = byte === LF ? this.#behindSize : IN_LINE;
        return;
      default:
        this.#readSize(byte);
    }
  }

  /** Reads a byte of the size, or of the rest of its line. */
  #readSize(byte: number): void {
    const digit = this.#state === CHUNK_SIZE ? hexDigit(byte) : -1;
    if (digit >= 0) this.#remainingBytes = this.#remainingBytes * 16 + digit;
    else if (byte === CR) this.#state = CHUNK_LF;
    else if (byte === LF) this.#state = LINE_BEGINS;
    else this.#state = CHUNK_EXTENSION;
  }

  get #behindSize(): number {
    return this.#remainingBytes === 0 ? LINE_BEGINS : CHUNK_DATA;
  }
}

/** Returns the digit's value, or -1 for any other byte. */
function hexDigit(byte: number): number {
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30;
  const letter = byte | 0x20;
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : -1;
}
