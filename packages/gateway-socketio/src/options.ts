import type { EngineFacts } from './engine/connection.js';

/** The part of Socket.IO's `socket.handshake` that this gateway provides. */
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
  /** The path prefix, which clients name in their option `path`. Default `/socket.io`. */
  readonly path?: string;
  /**
   * Returns the token for `authenticate` of the wire server. Called once for each namespace that a client enters.
   * Default: `auth.token` if it is a text, otherwise the token of an `Authorization` header.
   */
  readonly tokenOf?: (handshake: SocketIoHandshake) => string | undefined;
  /** Milliseconds between two pings. Default 25,000. */
  readonly pingInterval?: number;
  /** Milliseconds within which a client must answer a ping. Default 20,000. */
  readonly pingTimeout?: number;
  /**
   * Maximum bytes of one packet and of one POST. Clients get it as `maxPayload`. When exceeded, a WebSocket is closed
   * with 1009 and a POST gets 413. Default and maximum: `limits.messageBytesMax`.
   */
  readonly maxHttpBufferSize?: number;
  /** The offered transports. Default: both. Without `websocket`, clients continue to poll. */
  readonly transports?: readonly ('polling' | 'websocket')[];
  /**
   * Enables recovery: a client that returns in time gets the missed packets, its id, rooms and `data`. Default:
   * disabled.
   */
  readonly connectionStateRecovery?: {
    /** Milliseconds for which a client may be away. Default 120,000. */
    readonly maxDisconnectionDuration?: number;
  };
}
