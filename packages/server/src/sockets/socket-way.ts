import type { OutgoingHttpHeaders, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** Where the bytes of one socket go: the first `length` of a chunk. They belong to it until the call returns: no view of them may be kept. */
export interface SocketReader {
  onBytes(chunk: Uint8Array, length: number): void;
}

/** What a way holds a socket by, so that it need not look for it at each write; `null` for nothing. */
export type SocketGrip = object | null;

/**
 * How the bytes of a socket are read and written. Everything else (its end, its errors, half-open peers, `destroy`) is the
 * stream's affair in every way, and is heard by its events `end`, `error` and `close`.
 */
export interface SocketWay {
  /** Once a socket. What it returns is good for writing until `socket.end` was called or the socket has closed. */
  read(socket: Socket, reader: SocketReader): SocketGrip;
  /**
   * In the order of the calls, those of `socket.write` and `socket.end` among them. Nobody changes the bytes afterwards. A
   * socket that fails is destroyed.
   *
   * @returns false if some of it waits, see `waitingBytes`.
   */
  write(socket: Socket, bytes: Uint8Array, grip?: SocketGrip): boolean;
  /** One character a byte; otherwise as `write`. */
  writeText(socket: Socket, text: string, grip?: SocketGrip): boolean;
  /** What a socket that is only written to is held by, if it can be held now; good for as long as that of `read`. */
  gripOf(socket: Socket): SocketGrip;
  /** Several parts as one. */
  writeAll(socket: Socket, parts: readonly Uint8Array[]): boolean;
  /** Reads nothing until `go`. */
  hold(socket: Socket): void;
  go(socket: Socket): void;
  /** Bytes given to it that the kernel has not taken. */
  waitingBytes(socket: Socket): number;
  /** A whole answer with status 200, of which nothing was written before; `body` has one character a byte. */
  answer(response: ServerResponse, headers: OutgoingHttpHeaders, body: string): void;
}

const kReader: unique symbol = Symbol('everywire reader');
interface ReadSocket extends Socket {
  [kReader]: SocketReader;
}

/** Only what Node documents; right for every stream. */
export const publicWay: SocketWay = {
  read(socket: Socket, reader: SocketReader): SocketGrip {
    (socket as ReadSocket)[kReader] = reader;
    socket.on('data', onData);
    return null;
  },
  write: (socket: Socket, bytes: Uint8Array): boolean => socket.write(bytes),
  writeText: (socket: Socket, text: string): boolean => socket.write(text, 'latin1'),
  gripOf: (): SocketGrip => null,
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
    // A string goes out in one write together with the head.
    response.writeHead(200, { ...headers, 'content-length': body.length }).end(body, 'latin1');
  },
};

function onData(this: Socket, chunk: Buffer): void {
  (this as ReadSocket)[kReader].onBytes(chunk, chunk.length);
}
