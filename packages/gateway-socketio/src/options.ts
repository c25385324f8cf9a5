import type { ForeignOptions } from '@everywire/server/internal';
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

/** The names of the options. */
export const optionNames: Readonly<Record<keyof SocketIoGatewayOptions, true>> = {
  path: true,
  tokenOf: true,
  pingInterval: true,
  pingTimeout: true,
  maxHttpBufferSize: true,
  transports: true,
  connectionStateRecovery: true,
};

/** The names of the options of `connectionStateRecovery`. */
export const recoveryNames: Readonly<
  Record<keyof NonNullable<SocketIoGatewayOptions['connectionStateRecovery']>, true>
> = { maxDisconnectionDuration: true };

/** Options of Socket.IO's own server that the gateway does not have, as in `docs/guides/from-socket-io.md`. */
export const foreignOptions: ForeignOptions = {
  cors: 'name the origins of your pages in `origins` of createWireServer',
  allowRequest: 'use `origins` and `authenticate` of createWireServer',
  allowEIO3: 'clients of Socket.IO 2 are not supported: use socket.io-client 3 or 4',
  serveClient: 'the gateway does not serve the script of the client: serve it with your pages',
  adapter: 'give createWireServer a `broker`',
  parser: 'only the default parser of Socket.IO is supported',
  cookie: 'the gateway sets no cookie: let the balancer set its own',
  perMessageDeflate: 'set `deflate` of createWireServer',
  httpCompression: 'answers over HTTP are not compressed',
  allowUpgrades: "set `transports: ['polling']`",
  upgradeTimeout: 'remove it',
  connectTimeout: 'set `limits.unattachedMs` of createWireServer',
  destroyUpgrade: 'upgrades under other paths are left to your other handlers',
  destroyUpgradeTimeout: 'upgrades under other paths are left to your other handlers',
  addTrailingSlash: 'remove it',
  cleanupEmptyChildNamespaces: 'there are no namespaces by pattern',
  initialPacket: 'send the data when a client connects',
  wsEngine: 'the gateway has its own WebSockets',
};

/** Options of Socket.IO's `connectionStateRecovery` that the gateway does not have. */
export const foreignRecoveryOptions: ForeignOptions = {
  skipMiddlewares: 'a recovered client always skips middlewares, and never `authenticate`',
};
