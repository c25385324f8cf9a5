import type { Socket } from 'node:net';
import { directWay } from './direct-socket-writer.js';

/**
 * Returns the address of a socket's peer; `undefined` if the socket is closed. The direct query stores nothing in the socket.
 *
 * @param directAllowed as in `chooseWriter`
 */
export function peerAddress(socket: Socket, directAllowed: boolean): string | undefined {
  return (directAllowed ? directWay?.peerAddress(socket) : undefined) ?? socket.remoteAddress;
}

/** Returns both ends of a connection as text. It is equal for a TLS socket and the socket below it. */
export function peerAddressOf({ remoteAddress, remotePort, localPort }: Socket): string {
  return `${remoteAddress} ${remotePort} ${localPort}`;
}
