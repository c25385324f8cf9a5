import type { IncomingMessage } from 'node:http';
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
