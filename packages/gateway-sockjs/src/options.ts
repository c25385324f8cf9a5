import type { IncomingMessage } from 'node:http';
import type { ForeignOptions } from '@everywire/server/internal';
import type { SockJsConnection } from './connection.js';

/** Options of `createSockJsGateway`. */
export interface SockJsGatewayOptions {
  /** The path prefix under which SockJS is served, such as `/echo`. */
  readonly path: string;
  /** Called for each new client, so that the application sets its handlers. */
  readonly onConnection: (connection: SockJsConnection) => void;
  /**
   * Returns the token that is passed to `authenticate` of the wire server. A browser's sockjs-client can send it only
   * as a cookie. Default: the token of an `Authorization` header.
   */
  readonly tokenOf?: (request: IncomingMessage) => string | undefined;
  /** Whether clients may use WebSocket. Default true. */
  readonly websocket?: boolean;
  /**
   * Whether clients may use JSONP. Default false, because in old browsers any page can make a JSONP request with the
   * cookies of its visitor.
   */
  readonly jsonp?: boolean;
  /**
   * Whether the cookie `JSESSIONID` is set, with which some load balancers route a client to the same server. Default
   * false.
   */
  readonly cookie?: boolean;
  /**
   * Address of sockjs-client's script, for the transports that run in an iframe. Default: these transports are
   * disabled.
   */
  readonly clientUrl?: string;
  /** Milliseconds between two heartbeat frames. Default 25,000. */
  readonly heartbeatMs?: number;
  /** Milliseconds without a request after which a session ends. Default 5,000. */
  readonly disconnectMs?: number;
  /** Bytes after which a streaming response ends, so that the client requests another. Default 128 kB. */
  readonly answerBytesMax?: number;
}

/** The options with their defaults. */
export type SockJsSettings = SockJsGatewayOptions & Required<Omit<SockJsGatewayOptions, 'clientUrl'>>;

/** The names of the options. */
export const optionNames: Readonly<Record<keyof SockJsGatewayOptions, true>> = {
  path: true,
  onConnection: true,
  tokenOf: true,
  websocket: true,
  jsonp: true,
  cookie: true,
  clientUrl: true,
  heartbeatMs: true,
  disconnectMs: true,
  answerBytesMax: true,
};

/** Options of sockjs-node, as in `docs/guides/from-sockjs.md`. */
export const foreignOptions: ForeignOptions = {
  prefix: 'use `path`',
  jsessionid: 'use `cookie`',
  sockjs_url: 'use `clientUrl`',
  heartbeat_delay: 'use `heartbeatMs`',
  disconnect_delay: 'use `disconnectMs`',
  response_limit: 'use `answerBytesMax`',
  log: 'use `onNotice` of createWireServer',
  disable_cors: 'name the origins of your pages in `origins` of createWireServer',
  faye_server_options: 'use `deflate` and `limits` of createWireServer',
};
