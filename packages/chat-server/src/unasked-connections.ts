import type { Server } from 'node:http';
import { Server as HttpsServer } from 'node:https';
import type { Socket } from 'node:net';

/**
 * Connections on which nothing has been asked yet, as browsers open them in advance. `http.close` waits for them: it takes them for ones that are
 * about to ask, and those in a TLS handshake it does not know.
 */
export interface UnaskedConnections {
  /** Cuts those that are open. */
  cut(): void;
}

export function watchUnaskedConnections(http: Server): UnaskedConnections {
  const isHttps = http instanceof HttpsServer;
  const open = new Set<Socket>();
  http.on(isHttps ? 'secureConnection' : 'connection', (socket: Socket) => {
    open.add(socket);
    socket.once('close', () => open.delete(socket));
  });
  const handshakes = isHttps ? watchHandshakes(http) : null;
  return {
    cut: () => {
      // Over TLS, bytes of requests as well, and not of the handshake.
      for (const socket of open) if (socket.bytesRead === 0) socket.destroy();
      for (const socket of handshakes?.values() ?? []) socket.destroy();
    },
  };
}

/** The connections whose handshake is not done, by the address of their peer: a TLS socket does not tell which connection it encrypts. */
function watchHandshakes(http: HttpsServer): ReadonlyMap<string, Socket> {
  const connections = new Map<string, Socket>();
  http.on('connection', (socket: Socket) => {
    const peer = peerOf(socket);
    connections.set(peer, socket);
    socket.once('close', () => {
      if (connections.get(peer) === socket) connections.delete(peer);
    });
  });
  http.on('secureConnection', (socket: Socket) => connections.delete(peerOf(socket)));
  return connections;
}

const peerOf = ({ remoteAddress, remotePort, localAddress }: Socket): string =>
  `${remoteAddress} ${remotePort} ${localAddress}`;
