import type { EngineFacts } from './engine/connection.js';

/** What a client said when it connected: as `socket.handshake` of Socket.IO, with what of it is kept. */
export interface SocketIoHandshake {
  /** The client's option `auth`. */
  readonly auth: Readonly<Record<string, unknown>>;
  readonly query: EngineFacts['query'];
  readonly headers: EngineFacts['headers'];
  readonly address: string;
  readonly origin: string | undefined;
}

/** Options of `createSocketIoGateway`; names that Socket.IO has mean what they mean there. */
export interface SocketIoGatewayOptions {
  /** Path prefix that clients are given as `path`. Default `/socket.io`. */
  readonly path?: string;
  /**
   * What `authenticate` of the wire server is asked with, once for each namespace a client enters. Default: `auth.token` where it is a text, else the
   * token of an `Authorization` header.
   */
  readonly tokenOf?: (handshake: SocketIoHandshake) => string | undefined;
  /** Milliseconds between two pings. Default 25,000. */
  readonly pingInterval?: number;
  /** Milliseconds that a client has for its pong. Default 20,000. */
  readonly pingTimeout?: number;
  /**
   * Bytes of one packet and of one POST; clients hear of it as `maxPayload`. Above: WebSockets are closed with 1009, a POST gets 413. Default and
   * most: `limits.messageBytesMax`.
   */
  readonly maxHttpBufferSize?: number;
  /** Default both. Without `websocket` clients stay with polling. */
  readonly transports?: readonly ('polling' | 'websocket')[];
  /** Whether a client that comes back in time gets what it missed, with its id, rooms and `data`. Default: it does not. */
  readonly connectionStateRecovery?: {
    /** Milliseconds. Default 120,000. */
    readonly maxDisconnectionDuration?: number;
  };
}
