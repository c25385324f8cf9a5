import { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { directWay } from './direct-socket-writer.js';
import { publicWriter, type SocketWriter } from './socket-writer.js';

/**
 * Chooses the writer for a socket. The direct one is for plain TCP only, because a wrapped stream (TLS, a replaced `write`) does
 * more than its handle.
 */
export function chooseWriter(socket: Duplex, directAllowed: boolean): SocketWriter {
  const plain = socket instanceof Socket && socket.constructor === Socket && socket.write === Socket.prototype.write;
  return directAllowed && plain && directWay?.takes(socket) === true ? directWay : publicWriter;
}
