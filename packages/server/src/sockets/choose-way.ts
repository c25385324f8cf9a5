import { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { directWay } from './direct-way.js';
import { publicWay, type SocketWay } from './socket-way.js';

/**
 * Chooses the writer for a socket. The direct one is for plain TCP only, because a wrapped stream (TLS, a replaced `write`) does
 * more than its handle.
 */
export function chooseWay(socket: Duplex, directAllowed: boolean): SocketWay {
  const plain = socket instanceof Socket && socket.constructor === Socket && socket.write === Socket.prototype.write;
  return directAllowed && plain && directWay?.takes(socket) === true ? directWay : publicWay;
}
