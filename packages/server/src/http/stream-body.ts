import type { OutgoingHttpHeaders, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { chunkOf } from '../gathering/chunk-of.js';
import { chooseWay } from '../sockets/choose-way.js';
import { publicWay, type SocketGrip, type SocketWay } from '../sockets/socket-way.js';

/** Frames bytes as `chunkOf` does. */
interface Chunks {
  chunk(bytes: Uint8Array): Uint8Array;
}

const oneByOne: Chunks = { chunk: chunkOf };

/**
 * The body of an answer that goes on, from its head to its end. What is written goes past the response, which would frame each
 * piece anew and write it in three parts.
 */
export class StreamBody {
  readonly #response: ServerResponse;
  /** `null` where the response writes it: HTTP/1.0 has no chunks, and behind another request on its connection it has no socket yet. */
  readonly #socket: Socket | null = null;
  readonly #way: SocketWay = publicWay;
  #grip: SocketGrip = null;
  #ended = false;

  /** Writes the head, with status 200. */
  constructor(response: ServerResponse, headers: OutgoingHttpHeaders, directSockets: boolean) {
    this.#response = response;
    response.writeHead(200, headers);
    response.flushHeaders();
    const { socket } = response;
    if (!response.chunkedEncoding || socket === null) return;
    this.#socket = socket;
    this.#way = chooseWay(socket, directSockets);
  }

  /** Bytes that the kernel has not taken. */
  get waitingBytes(): number {
    return this.#socket === null ? this.#response.writableLength : this.#way.waitingBytes(this.#socket);
  }

  /**
   * @param chunks frames the bytes, once for all who get the same
   * @returns false if some of it waits
   */
  write(bytes: Uint8Array, chunks: Chunks): boolean {
    if (this.#ended) return true;
    if (this.#socket === null) return this.#response.write(bytes);
    return this.#way.write(this.#socket, chunks.chunk(bytes), this.#held(this.#socket));
  }

  /** In UTF-8, not empty: an empty chunk is the end of a body. @returns false if some of it waits */
  writeText(text: string): boolean {
    if (this.#ended) return true;
    if (this.#socket === null) return this.#response.write(text);
    const length = Buffer.byteLength(text);
    if (length !== text.length) return this.write(Buffer.from(text), oneByOne);
    return this.#way.writeText(this.#socket, `${length.toString(16)}\r\n${text}\r\n`, this.#held(this.#socket));
  }

  /** Nothing is written behind it. */
  end(last?: Uint8Array | string): void {
    if (this.#ended) return;
    this.#release();
    this.#response.end(last);
  }

  /** The response has closed: what it was held by is no longer good. */
  onClose(): void {
    this.#release();
  }

  #held(socket: Socket): SocketGrip {
    this.#grip ??= this.#way.gripOf(socket);
    return this.#grip;
  }

  #release(): void {
    this.#ended = true;
    this.#grip = null;
  }
}
