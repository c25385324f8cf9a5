import type { OutgoingHttpHeaders, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/**
 * Receives bytes of one socket: the first `length` bytes of a chunk. The receiver must not keep a view of them, because
 * they are valid only during the call.
 */
export interface SocketReader {
  onBytes(chunk: Uint8Array, length: number): void;
}

/** A writer's handle of a socket, which saves a look-up for each write; `null` for none. */
export type SocketHandle = object | null;

/**
 * Reads and writes the bytes of a socket. The end, errors, half-open peers and `destroy` remain with the stream and its
 * events `end`, `error` and `close`.
 */
export interface SocketWriter {
  /**
   * Starts reading. The caller must call this once for each socket. The returned handle is valid for writes until
   * `socket.end` was called or the socket has closed.
   */
  read(socket: Socket, reader: SocketReader): SocketHandle;
  /**
   * Writes bytes in the order of the calls, including those of `socket.write` and `socket.end`. The caller must not
   * change the bytes afterwards. A failed write destroys the socket.
   *
   * @returns false if some bytes wait, see `waitingBytes`
   */
  write(socket: Socket, bytes: Uint8Array, socketHandle?: SocketHandle): boolean;
  /** Writes text with one byte for each character, otherwise like `write`. */
  writeText(socket: Socket, text: string, socketHandle?: SocketHandle): boolean;
  /**
   * Returns a handle for a socket that is only written to; `null` if there is none now. It is valid as long as that of
   * `read`.
   */
  socketHandleOf(socket: Socket): SocketHandle;
  /** Writes several parts as one. */
  writeAll(socket: Socket, parts: readonly Uint8Array[]): boolean;
  /** Pauses reading until `go`. */
  hold(socket: Socket): void;
  go(socket: Socket): void;
  /** Returns the number of written bytes that the kernel has not taken. */
  waitingBytes(socket: Socket): number;
  /**
   * Writes a whole answer with status 200. No part of it may have been written before; `body` has one byte for each
   * character.
   */
  answer(response: ServerResponse, headers: OutgoingHttpHeaders, body: string): void;
}

const kReader: unique symbol = Symbol('everywire reader');
interface ReadSocket extends Socket {
  [kReader]: SocketReader;
}

/** A writer with documented Node functions only. It works for all streams. */
export const publicWriter: SocketWriter = {
  read(socket: Socket, reader: SocketReader): SocketHandle {
    (socket as ReadSocket)[kReader] = reader;
    socket.on('data', onData);
    return null;
  },
  write: (socket: Socket, bytes: Uint8Array): boolean => socket.write(bytes),
  writeText: (socket: Socket, text: string): boolean => socket.write(text, 'latin1'),
  socketHandleOf: (): SocketHandle => null,
  writeAll(socket: Socket, parts: readonly Uint8Array[]): boolean {
    let drained = true;
    socket.cork();
    for (const part of parts) drained = socket.write(part);
    socket.uncork();
    return drained;
  },
  hold: (socket: Socket): void => void socket.pause(),
  go: (socket: Socket): void => void socket.resume(),
  waitingBytes: (socket: Socket): number => socket.writableLength,
  answer(response: ServerResponse, headers: OutgoingHttpHeaders, body: string): void {
    // A string leaves in one write together with the head.
    response.writeHead(200, { ...headers, 'content-length': body.length }).end(body, 'latin1');
  },
};

function onData(this: Socket, chunk: Buffer): void {
  (this as ReadSocket)[kReader].onBytes(chunk, chunk.length);
}
