/** Receives the parts of the HTTP messages that an `HttpReader` finds. */
export interface HttpSink {
  /** Receives a complete head, without the empty line. Returns the kind of body that follows. */
  onHead(head: string, bytes: number): BodyKind;
  /** Receives a part of a body. `bytes` includes the framing of chunks, `data` does not. */
  onBody(data: Uint8Array, bytes: number): void;
  onBodyEnd(): void;
}

/**
 * How a body ends: after a number of bytes, after its last chunk, or (`rest`) with the connection. `rest` is also used for bytes that
 * are no longer HTTP, such as WebSocket frames.
 */
export type BodyKind = number | 'chunked' | 'rest';

const HEAD_END = Buffer.from('\r\n\r\n');
/** A longer head does not belong to a transport. The rest of such a connection is not parsed. */
const HEAD_BYTES_MAX = 65_536;

/** Parses the HTTP/1.1 messages of one direction of a connection from bytes with arbitrary boundaries. */
export class HttpReader {
  readonly #sink: HttpSink;
  #head: Buffer = Buffer.alloc(0);
  #state: 'head' | 'body' | 'rest' | 'chunk size' | 'chunk' | 'trailer' = 'head';
  /** Bytes of the body or the chunk that have not arrived yet. */
  #left = 0;
  #line = '';

  constructor(sink: HttpSink) {
    this.#sink = sink;
  }

  feed(piece: Buffer): void {
    let rest = piece;
    while (rest.length > 0) rest = this.#step(rest);
  }

  /** Reads the start of a piece. Returns the part that is not read yet. */
  #step(piece: Buffer): Buffer {
    if (this.#state === 'head') return this.#readHead(piece);
    if (this.#state === 'body' || this.#state === 'chunk') return this.#readCounted(piece);
    if (this.#state === 'rest') {
      this.#sink.onBody(piece, piece.length);
      return piece.subarray(piece.length);
    }
    return this.#readLine(piece);
  }

  #readHead(piece: Buffer): Buffer {
    const before = this.#head.length;
    this.#head = Buffer.concat([this.#head, piece]);
    const end = this.#head.indexOf(HEAD_END);
    if (end < 0) {
      if (this.#head.length > HEAD_BYTES_MAX) this.#state = 'rest';
      return piece.subarray(piece.length);
    }
    const bytes = end + HEAD_END.length;
    const head = this.#head.toString('latin1', 0, end);
    this.#head = Buffer.alloc(0);
    const body = this.#sink.onHead(head, bytes);
    if (body === 'chunked') this.#state = 'chunk size';
    else if (body === 'rest') this.#state = 'rest';
    else if (body === 0) this.#end();
    else {
      this.#state = 'body';
      this.#left = body;
    }
    return piece.subarray(bytes - before);
  }

  #readCounted(piece: Buffer): Buffer {
    const data = piece.subarray(0, this.#left);
    this.#left -= data.length;
    this.#sink.onBody(data, data.length);
    if (this.#left === 0) {
      if (this.#state === 'body') this.#end();
      else this.#state = 'chunk size';
    }
    return piece.subarray(data.length);
  }

  /** Reads a line between chunks: the size of a chunk, the empty line after a chunk, or a trailer after the last one. */
  #readLine(piece: Buffer): Buffer {
    const end = piece.indexOf('\n') + 1;
    const part = piece.subarray(0, end > 0 ? end : piece.length);
    this.#line += part.toString('latin1');
    this.#sink.onBody(part.subarray(part.length), part.length);
    if (end > 0) {
      const line = this.#line.trim();
      this.#line = '';
      if (this.#state === 'trailer') {
        if (line === '') this.#end();
      } else if (line !== '') {
        this.#left = Number.parseInt(line, 16) || 0;
        this.#state = this.#left > 0 ? 'chunk' : 'trailer';
      }
    }
    return piece.subarray(part.length);
  }

  #end(): void {
    this.#state = 'head';
    this.#sink.onBodyEnd();
  }
}
