import type { Socket } from 'node:net';

/** As a listener of `error`: destroys the socket. Node does so itself for most errors, yet not for TLS that is renegotiated too often. */
export function destroySocket(this: Socket): void {
  this.destroy();
}
