import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { chooseWriter } from '../sockets/choose-writer.js';
import { directWriter } from '../sockets/direct-socket-writer.js';
import { createAnswers } from './endpoint-answers.js';
import { type DirectEndpoint, FastPathConnection, type FastPathHost } from './fast-path-connection.js';
import type { OriginVerdict } from './origin-policy.js';

/**
 * Serves keep-alive connections of Node's HTTP server on the fast path, from their second request on. The fast path compares a request
 * with the one before it, instead of parsing it with Node's parser.
 */
export interface FastPathConnections {
  /** Registers a request that Node has read and that was accepted for this endpoint. */
  onRequest(request: IncomingMessage, response: ServerResponse, endpoint: DirectEndpoint, origin: OriginVerdict): void;
  /** Passes all bytes to Node from now on. */
  release(): void;
}

const kConnection: unique symbol = Symbol('everywire connection');
interface OwnedSocket extends Socket {
  /** The connection's fast path. It belongs to the wire server that had its first request. */
  [kConnection]?: FastPathConnection;
}

/**
 * Creates the fast path for keep-alive connections.
 *
 * @param directSockets whether to use Node's internal socket handles
 */
export function createFastPathConnections(
  { wheel, limits }: Pick<FastPathHost, 'wheel' | 'limits'>,
  directSockets: boolean,
): FastPathConnections {
  const host: FastPathHost = { wheel, limits, answersOf: createAnswers() };
  const connections = new Set<FastPathConnection>();
  let released = false;

  function begin(socket: OwnedSocket): FastPathConnection | undefined {
    if (released || socket.destroyed || socket[kConnection] !== undefined) return undefined;
    const writer = directWriter;
    if (writer === null || chooseWriter(socket, directSockets) !== writer) return undefined;
    const rules = writer.serverOf(socket);
    // If Node must count the requests of a connection or limit their time, all requests pass through Node.
    if (rules === null || rules.timeout > 0 || (rules.maxRequestsPerSocket ?? 0) > 0) return undefined;
    const connection = new FastPathConnection(writer, host, rules, socket);
    if (!writer.readInstead(socket, connection)) return undefined;
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
        // The number of bytes read shows whether this was the first request of the connection and nothing was sent after it.
        response.once('finish', () => begin(socket)?.learn(request, response, endpoint, origin, socket.bytesRead));
      }
    },
    release(): void {
      released = true;
      for (const connection of connections) connection.release();
    },
  };
}
