import type { Server } from 'node:http';
import { Server as HttpsServer } from 'node:https';
import type { Socket } from 'node:net';

/**
 * Connections on which nothing has come yet, as browsers open them in advance. `http.close` waits for them, as it takes them for ones that are about
 * to ask.
 */
export interface UnaskedConnections {
  /** Cuts those that are open. */
  cut(): void;
}

export function watchUnaskedConnections(http: Server): UnaskedConnections {
  const open = new Set<Socket>();
  http.on(http instanceof HttpsServer ? 'secureConnection' : 'connection', (socket: Socket) => {
    open.add(socket);
    socket.once('close', () => open.delete(socket));
  });
  return {
    cut: () => {
      // Over TLS, bytes of requests as well, and not of the handshake.
      for (const socket of open) if (socket.bytesRead === 0) socket.destroy();
    },
  };
}
