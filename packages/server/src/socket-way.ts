import { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { directWay } from './direct-way.js';

/** Where the bytes of one socket go. They belong to it until the call returns: no view of them may be kept. */
export interface SocketReader {
  onBytes(chunk: Uint8Array): void;
}

/**
 * How the bytes of a socket are read and written. Everything else (its end, its errors, half-open peers, `destroy`) is the
 * stream's affair in every way, and is heard by its events `end`, `error` and `close`.
 */
export interface SocketWay {
  /** Once a socket. */
  read(socket: Socket, reader: SocketReader): void;
  /**
   * In the order of the calls, those of `socket.write` and `socket.end` among them. Nobody changes the bytes afterwards. A
   * socket that fails is destroyed.
   *
   * @returns false if some of it waits, see `waitingBytes`.
   */
  write(socket: Socket, bytes: Uint8Array): boolean;
  /** Several parts as one. */
  writeAll(socket: Socket, parts: readonly Uint8Array[]): boolean;
  /** Bytes given to it that the kernel has not taken. */
  waitingBytes(socket: Socket): number;
}

const kReader: unique symbol = Symbol('everywire reader');
interface ReadSocket extends Socket {
  [kReader]: SocketReader;
}

/** Only what Node documents; right for every stream. */
export const publicWay: SocketWay = {
  read(socket: Socket, reader: SocketReader): void {
    (socket as ReadSocket)[kReader] = reader;
    socket.on('data', onData);
  },
  write: (socket: Socket, bytes: Uint8Array): boolean => socket.write(bytes),
  writeAll(socket: Socket, parts: readonly Uint8Array[]): boolean {
    let drained = true;
    socket.cork();
    for (const part of parts) drained = socket.write(part);
    socket.uncork();
    return drained;
  },
  waitingBytes: (socket: Socket): number => socket.writableLength,
};

function onData(this: Socket, chunk: Buffer): void {
  (this as ReadSocket)[kReader].onBytes(chunk);
}

/**
 * The way of one socket. The direct one is for plain TCP alone: a stream that somebody has put something around (TLS, a
 * wrapped `write`) does more than its handle knows.
 */
export function chooseWay(socket: Duplex, directAllowed: boolean): SocketWay {
  const plain = socket instanceof Socket && socket.constructor === Socket && socket.write === Socket.prototype.write;
  return directAllowed && plain && directWay?.takes(socket) === true ? directWay : publicWay;
}
