import type { Claims, SendData } from '../wire-session.js';

/** A plain `WebSocket`, or a plain `EventSource`. */
export type RawLinkKind = 'websocket' | 'event-stream';

/** Who asks for a raw link, and for what; the answer is the topics it gets. */
export interface RawLinkRequest {
  readonly kind: RawLinkKind;
  /** What `authenticate` said of its token, or of having none. */
  readonly claims: Claims;
  /** As the client named them: not checked by anybody yet. An event stream names exactly one. */
  readonly topics: readonly string[];
  readonly origin: string | undefined;
  readonly remoteAddress: string;
}

/**
 * One connection without our SDK (SN-16): no session, no acknowledgements, at most once. It ends with its connection, and who
 * comes again is another link.
 */
export interface RawLink {
  /** A number unique in this process, below 0, so that it is never a session's; safe in logs. */
  readonly serial: number;
  readonly kind: RawLinkKind;
  readonly claims: Claims;
  readonly topics: readonly string[];
  /** For this reader alone; on an event stream without an id. @returns false where it was dropped: too much waits already. */
  send(data: SendData): boolean;
  /** Ends it now; a WebSocket with close code 1008 and `code` as the reason. */
  end(code: string): void;
}
