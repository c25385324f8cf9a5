import type { EngineFacts } from './engine/connection.js';

/** The stored part of Socket.IO's `socket.handshake`. */
export interface SocketIoHandshake {
  /** The client's option `auth`. */
  readonly auth: Readonly<Record<string, unknown>>;
  readonly query: EngineFacts['query'];
  readonly headers: EngineFacts['headers'];
  readonly address: string;
  readonly origin: string | undefined;
}

/** Options of `createSocketIoGateway`. Names of Socket.IO have the same meaning. */
export interface SocketIoGatewayOptions {
  /** The path prefix, the client's option `path`. Default `/socket.io`. */
  readonly path?: string;
  /**
   * Returns the token for `authenticate` of the wire server, called once for each namespace a client enters. Default:
   * `auth.token` if it is a text, otherwise the token of an `Authorization` header.
   */
  readonly tokenOf?: (handshake: SocketIoHandshake) => string | undefined;
  /** Milliseconds between two pings. Default 25,000. */
  readonly pingInterval?: number;
  /** The timeout of a pong, ms. Default 20,000. */
  readonly pingTimeout?: number;
  /**
   * The most bytes of one packet and of one POST, announced to clients as `maxPayload`. When exceeded, a WebSocket is
   * closed with 1009 and a POST gets 413. Default and maximum: `limits.messageBytesMax`.
   */
  readonly maxHttpBufferSize?: number;
  /** The offered transports. Default both. Without `websocket`, clients stay with polling. */
  readonly transports?: readonly ('polling' | 'websocket')[];
  /**
   * Enables recovery: a client that returns in time gets the missed packets, its id, rooms and `data`. Default:
   * disabled.
   */
  readonly connectionStateRecovery?: {
    /** How long a client may be away, ms. Default 120,000. */
    readonly maxDisconnectionDuration?: number;
  };
}
