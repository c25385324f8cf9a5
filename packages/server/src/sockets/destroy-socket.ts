import type { Socket } from 'node:net';

/** Destroys the socket. Used as a listener of `error`, because Node destroys it itself for most errors, but not for all. */
export function destroySocket(this: Socket): void {
  this.destroy();
}
