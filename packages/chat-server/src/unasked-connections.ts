import type { Server } from 'node:http';
import { Server as HttpsServer } from 'node:https';
import type { Duplex } from 'node:stream';

/**
 * Connections on which no request has come yet, as browsers open them in advance. `http.close` waits for them, as it takes them for ones that are about
 * to ask.
 */
export interface UnaskedConnections {
  /** Cuts those that are open. */
  cut(): void;
}

export function watchUnaskedConnections(http: Server): UnaskedConnections {
  const unasked = new Set<Duplex>();
  const onAsked = ({ socket }: { readonly socket: Duplex }): void => void unasked.delete(socket);
  http.on(http instanceof HttpsServer ? 'secureConnection' : 'connection', (socket: Duplex) => {
    unasked.add(socket);
    socket.once('close', () => unasked.delete(socket));
  });
  http.on('request', onAsked);
  http.on('upgrade', onAsked);
  return {
    cut: () => {
      for (const socket of unasked) socket.destroy();
    },
  };
}
