import type { Socket } from 'node:net';
import { directWriter } from './direct-socket-writer.js';

/**
 * Returns the address of a socket's peer; `undefined` if the socket is closed. The direct query saves memory: unlike
 * `socket.remoteAddress`, it stores no object in the socket.
 *
 * @param directAllowed as in `chooseWriter`
 */
export function peerAddress(socket: Socket, directAllowed: boolean): string | undefined {
  return (directAllowed ? directWriter?.peerAddress(socket) : undefined) ?? socket.remoteAddress;
}

/** Returns a text that identifies a connection by both its ends. A TLS socket and the socket below it have the same text. */
export function peerAddressOf({ remoteAddress, remotePort, localPort }: Socket): string {
  return `${remoteAddress} ${remotePort} ${localPort}`;
}
