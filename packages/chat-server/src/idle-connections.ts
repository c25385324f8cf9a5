import type { Server } from 'node:http';
import { Server as HttpsServer } from 'node:https';
import type { Socket } from 'node:net';

/**
 * Connections that have sent no request yet, such as those that browsers open in advance. A stopping server must close
 * them itself: `http.close` waits for their first request, and does not know connections in a TLS handshake.
 */
export interface IdleConnections {
  /** Closes the open ones. */
  cut(): void;
}

/** Tracks connections of the server that have sent no request. */
export function trackIdleConnections(http: Server): IdleConnections {
  const isHttps = http instanceof HttpsServer;
  const open = new Set<Socket>();
  http.on(isHttps ? 'secureConnection' : 'connection', (socket: Socket) => {
    open.add(socket);
    socket.once('close', () => open.delete(socket));
  });
  const handshakes = isHttps ? watchHandshakes(http) : null;
  return {
    cut: () => {
      // For a TLS socket, `bytesRead` counts only the bytes of requests, not those of the handshake.
      for (const socket of open) if (socket.bytesRead === 0) socket.destroy();
      for (const socket of handshakes?.values() ?? []) socket.destroy();
    },
  };
}

/**
 * Returns the connections in a TLS handshake, by the address of their peer, because a TLS socket does not expose the
 * connection that it encrypts.
 */
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
