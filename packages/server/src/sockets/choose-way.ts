import { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { directWay } from './direct-way.js';
import { publicWay, type SocketWay } from './socket-way.js';

/**
 * The way of one socket. The direct one is for plain TCP alone: a stream that somebody has put something around (TLS, a
 * wrapped `write`) does more than its handle knows.
 */
export function chooseWay(socket: Duplex, directAllowed: boolean): SocketWay {
  const plain = socket instanceof Socket && socket.constructor === Socket && socket.write === Socket.prototype.write;
  return directAllowed && plain && directWay?.takes(socket) === true ? directWay : publicWay;
}
