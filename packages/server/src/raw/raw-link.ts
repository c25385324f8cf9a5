import type { Claims, SendData } from '../wire-session.js';

/** A plain `WebSocket`, or a plain `EventSource`. */
export type RawLinkKind = 'websocket' | 'event-stream';

/** A request for a raw link. The application (`onRawLink`) answers with the topics of the link. */
export interface RawLinkRequest {
  readonly kind: RawLinkKind;
  /** The claims that `authenticate` returned for the client's token, or for a client without a token. */
  readonly claims: Claims;
  /** The topics that the client requested, unchecked. An event stream requests exactly one. */
  readonly topics: readonly string[];
  /** Origin of the page that requests the link; `undefined` for a client that is not a page. */
  readonly origin: string | undefined;
  readonly remoteAddress: string;
}

/**
 * One connection without the client library (SN-16). It has no session and no acknowledgements, and delivers each message at most once.
 * The link ends with its connection; a client that reconnects gets another link.
 */
export interface RawLink {
  /** A number below 0, unique in this process and different from those of sessions; safe in logs. */
  readonly serial: number;
  readonly kind: RawLinkKind;
  readonly claims: Claims;
  readonly topics: readonly string[];
  /** Whether the link is admitted and has not ended. */
  readonly open: boolean;
  /**
   * Sends a message to this client only. On an event stream the event has no id, so it is not repeated after a reconnection.
   *
   * @returns false if the message was dropped because too many bytes wait
   */
  send(data: SendData): boolean;
  /** Ends the link now; a WebSocket with close code 1008 and `code` as the reason. */
  end(code: string): void;
}
