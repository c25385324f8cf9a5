import type { Socket } from 'node:net';
import { directWay } from './direct-way.js';

/**
 * Where a socket comes from; `undefined` of one that is gone. Asked of its handle it leaves nothing with the socket.
 *
 * @param directAllowed as in `chooseWay`
 */
export function peerAddress(socket: Socket, directAllowed: boolean): string | undefined {
  return (directAllowed ? directWay?.peerAddress(socket) : undefined) ?? socket.remoteAddress;
}

/** Both ends of a connection: what a TLS socket and the socket below it have in common. */
export function peerOf({ remoteAddress, remotePort, localPort }: Socket): string {
  return `${remoteAddress} ${remotePort} ${localPort}`;
}
