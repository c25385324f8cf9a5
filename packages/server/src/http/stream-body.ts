import type { OutgoingHttpHeaders, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { chunkOf } from '../gathering/chunk-of.js';
import { chooseWriter } from '../sockets/choose-writer.js';
import { publicWriter, type SocketHandle, type SocketWriter } from '../sockets/socket-writer.js';

/** Frames bytes as one chunk of the body, like `chunkOf`. */
interface Chunks {
  chunk(bytes: Uint8Array): Uint8Array;
}

const oneByOne: Chunks = { chunk: chunkOf };

/**
 * Writes the body of a streaming answer, from its head to its end. Bypasses the response, which would frame each part
 * again and write it in three parts.
 */
export class StreamBody {
  readonly #response: ServerResponse;
  /** `null` if the response writes the body: HTTP/1.0 has no chunks, and a pipelined response has no socket yet. */
  readonly #socket: Socket | null = null;
  readonly #writer: SocketWriter = publicWriter;
  #socketHandle: SocketHandle = null;
  readonly #onEnd: (() => void) | undefined;
  #ended = false;

  /** Writes the head, with status 200. @param onEnd called when the last bytes are written */
  constructor(response: ServerResponse, headers: OutgoingHttpHeaders, directSockets: boolean, onEnd?: () => void) {
    this.#response = response;
    this.#onEnd = onEnd;
    response.writeHead(200, headers);
    response.flushHeaders();
    const { socket } = response;
    if (!response.chunkedEncoding || socket === null) return;
    this.#socket = socket;
    this.#writer = chooseWriter(socket, directSockets);
  }

  /** Number of written bytes that the kernel has not taken yet. */
  get waitingBytes(): number {
    return this.#socket === null ? this.#response.writableLength : this.#writer.waitingBytes(this.#socket);
  }

  /**
   * Writes bytes.
   *
   * @param chunks frames the bytes, once for all receivers of the same bytes
   * @returns false if some bytes wait
   */
  write(bytes: Uint8Array, chunks: Chunks): boolean {
    if (this.#ended) return true;
    if (this.#socket === null) return this.#response.write(bytes);
    return this.#writer.write(this.#socket, chunks.chunk(bytes), this.#held(this.#socket));
  }

  /**
   * Writes text in UTF-8. The text must not be empty, because an empty chunk ends a body. @returns false if some bytes
   * wait
   */
  writeText(text: string): boolean {
    if (this.#ended) return true;
    if (this.#socket === null) return this.#response.write(text);
    const length = Buffer.byteLength(text);
    if (length !== text.length) return this.write(Buffer.from(text), oneByOne);
    return this.#writer.writeText(this.#socket, `${length.toString(16)}\r\n${text}\r\n`, this.#held(this.#socket));
  }

  /** Ends the body. Later writes are ignored. */
  end(last?: Uint8Array | string): void {
    if (this.#ended) return;
    this.#release();
    this.#response.end(last);
    this.#onEnd?.();
  }

  /** Releases the socket handle, because the response has closed. */
  onClose(): void {
    this.#release();
  }

  #held(socket: Socket): SocketHandle {
    this.#socketHandle ??= this.#writer.socketHandleOf(socket);
    return this.#socketHandle;
  }

  #release(): void {
    this.#ended = true;
    this.#socketHandle = null;
  }
}
