import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { chooseWay } from '../sockets/choose-way.js';
import { directWay } from '../sockets/direct-way.js';
import { createAnswers } from './endpoint-answers.js';
import { type DirectEndpoint, KeptConnection, type KeptConnectionHost } from './kept-connection.js';
import type { OriginVerdict } from './origin-policy.js';

/** Connections of Node's http server that bring one request after the other, from their second on. */
export interface KeptConnections {
  /** Node has read a request, and it was let pass to that endpoint. */
  onRequest(request: IncomingMessage, response: ServerResponse, endpoint: DirectEndpoint, origin: OriginVerdict): void;
  /** Everything goes to Node from now on. */
  release(): void;
}

const kConnection: unique symbol = Symbol('everywire connection');
interface OwnedSocket extends Socket {
  /** Whichever wire server had its first request; it serves them all. */
  [kConnection]?: KeptConnection;
}

export function createKeptConnections(
  { wheel, limits }: Pick<KeptConnectionHost, 'wheel' | 'limits'>,
  directSockets: boolean,
): KeptConnections {
  const host: KeptConnectionHost = { wheel, limits, answersOf: createAnswers() };
  const connections = new Set<KeptConnection>();
  let released = false;

  function begin(socket: OwnedSocket): KeptConnection | undefined {
    if (released || socket.destroyed || socket[kConnection] !== undefined) return undefined;
    const way = directWay;
    if (way === null || chooseWay(socket, directSockets) !== way) return undefined;
    const rules = way.serverOf(socket);
    // What is counted or timed by Node for each request has to go by Node.
    if (rules === null || rules.timeout > 0 || (rules.maxRequestsPerSocket ?? 0) > 0) return undefined;
    const connection = new KeptConnection(way, host, rules, socket);
    if (!way.readInstead(socket, connection)) return undefined;
    socket[kConnection] = connection;
    connections.add(connection);
    socket.on('end', () => connection.onPeerEnded());
    socket.on('close', () => {
      connections.delete(connection);
      connection.onClose();
    });
    return connection;
  }

  return {
    onRequest(request, response, endpoint, origin): void {
      const socket: OwnedSocket = request.socket;
      const connection = socket[kConnection];
      if (connection !== undefined) connection.onRequest(request, response, endpoint, origin);
      else if (directSockets && !released && response.shouldKeepAlive) {
        // Whether this request was the first, and all that came, is seen by how much did.
        response.once('finish', () => begin(socket)?.learn(request, response, endpoint, origin, socket.bytesRead));
      }
    },
    release(): void {
      released = true;
      for (const connection of connections) connection.release();
    },
  };
}
