import type { IncomingMessage } from 'node:http';
import type { SockJsConnection } from './connection.js';

/** Options of `createSockJsGateway`. */
export interface SockJsGatewayOptions {
  /** The path prefix, like `/echo`. */
  readonly path: string;
  /** Called for each client, to set its handlers. */
  readonly onConnection: (connection: SockJsConnection) => void;
  /**
   * Returns the token that is passed to `authenticate` of the wire server. sockjs-client can send only cookies. Default: the token
   * of an `Authorization` header.
   */
  readonly tokenOf?: (request: IncomingMessage) => string | undefined;
  /** Whether clients may use WebSocket. Default true. */
  readonly websocket?: boolean;
  /**
   * Whether clients may use JSONP, which in old browsers any page can request with its visitor's cookies. Default
   * false.
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
  /** The time without a request after which a session ends, ms. Default 5,000. */
  readonly disconnectMs?: number;
  /** The size after which a streaming response ends and the client requests another, bytes. Default 128 kB. */
  readonly answerBytesMax?: number;
}

/** The options with their defaults. */
export type SockJsSettings = SockJsGatewayOptions & Required<Omit<SockJsGatewayOptions, 'clientUrl'>>;
