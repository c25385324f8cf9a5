import type { IncomingMessage } from 'node:http';
import type { SockJsConnection } from './connection.js';

export interface SockJsGatewayOptions {
  /** Path prefix, the address that clients are given: `/echo`. */
  readonly path: string;
  /** Called for each client, to set its handlers. */
  readonly onConnection: (connection: SockJsConnection) => void;
  /**
   * What `authenticate` of the wire server is asked with: sockjs-client sends cookies, and can send nothing else. Default: the token of an
   * `Authorization` header.
   */
  readonly tokenOf?: (request: IncomingMessage) => string | undefined;
  /** Whether clients are told to try WebSocket. Default true. */
  readonly websocket?: boolean;
  /** Whether clients may use JSONP, which any page can ask with the cookies of who looks at it where the browser is old. Default false. */
  readonly jsonp?: boolean;
  /** Whether the cookie `JSESSIONID` is set, by which some balancers keep a client at one server. Default false. */
  readonly cookie?: boolean;
  /** Address of sockjs-client's script, for the transports that run in a frame. Default: there are no such transports. */
  readonly clientUrl?: string;
  /** Milliseconds between two heartbeat frames. Default 25,000. */
  readonly heartbeatMs?: number;
  /** Milliseconds without a request after which a session is over. Default 5,000. */
  readonly disconnectMs?: number;
  /** Bytes after which a streaming answer ends, and the client asks again. Default 128 kB. */
  readonly answerBytesMax?: number;
}

/** The options with their defaults. */
export type SockJsSettings = SockJsGatewayOptions & Required<Omit<SockJsGatewayOptions, 'clientUrl'>>;
