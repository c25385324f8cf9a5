import type { Socket } from 'node:net';

/** Destroys the socket, as a listener of `error`. Node does so for most errors, but not for excessive TLS renegotiation. */
export function destroySocket(this: Socket): void {
  this.destroy();
}
