import type { Claims, SendData } from '../wire-session.js';

/** A plain `WebSocket`, or a plain `EventSource`. */
export type RawLinkKind = 'websocket' | 'event-stream';

/** A request for a raw link. The application answers with the topics that it gets. */
export interface RawLinkRequest {
  readonly kind: RawLinkKind;
  /** The claims that `authenticate` returned for its token, or for none. */
  readonly claims: Claims;
  /** The topics that the client requested, unchecked. An event stream requests exactly one. */
  readonly topics: readonly string[];
  readonly origin: string | undefined;
  readonly remoteAddress: string;
}

/**
 * One connection without the client library (SN-16): no session, no acknowledgements, at most once. It ends with its connection;
 * a client that reconnects gets another link.
 */
export interface RawLink {
  /** A number below 0, unique in this process and different from those of sessions; safe in logs. */
  readonly serial: number;
  readonly kind: RawLinkKind;
  readonly claims: Claims;
  readonly topics: readonly string[];
  /**
   * Sends to this reader only; on an event stream without an id. @returns false if the message was dropped because too much waits
   */
  send(data: SendData): boolean;
  /** Ends the link now; a WebSocket with close code 1008 and `code` as the reason. */
  end(code: string): void;
}
