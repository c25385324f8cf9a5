import { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { directWriter } from './direct-socket-writer.js';
import { publicWriter, type SocketWriter } from './socket-writer.js';

/**
 * Chooses the writer for a socket. The direct writer, which bypasses the stream, is for plain TCP only. Other streams (TLS, or a socket
 * with a replaced `write`) process the bytes before they reach the handle.
 */
export function chooseWriter(socket: Duplex, directAllowed: boolean): SocketWriter {
  const plain = socket instanceof Socket && socket.constructor === Socket && socket.write === Socket.prototype.write;
  return directAllowed && plain && directWriter?.takes(socket) === true ? directWriter : publicWriter;
}
