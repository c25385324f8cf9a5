import type { Claims, SendData } from '@everywire/server';

/** The transport of a client, with the names of sockjs-node. */
export type SockJsTransport =
  | 'websocket'
  | 'websocket-raw'
  | 'xhr-polling'
  | 'xhr-streaming'
  | 'eventsource'
  | 'htmlfile'
  | 'jsonp-polling';

/**
 * One SockJS client, as the application sees it. It ends with its WebSocket, or `disconnectMs` after its last request. A client that
 * returns is a new one, and messages in flight are lost, because the SockJS protocol has no acknowledgements.
 */
export interface SockJsConnection {
  /** A number unique in this process, below 0; safe in logs. `PublishOptions.except` takes the connection by it. */
  readonly serial: number;
  readonly claims: Claims;
  readonly transport: SockJsTransport;
  readonly remoteAddress: string;
  readonly origin: string | undefined;
  /**
   * Handles the client's messages one after the other. While the returned promise is pending, nothing is read from the client. If
   * the handler throws, the connection is closed with 1011.
   */
  onMessage: ((text: string) => void | Promise<void>) | null;
  /** Called once with the code and the reason of either side; 1002 if the client disappeared without a close. */
  onClose: ((code: number, reason: string) => void) | null;
  /**
   * Sends a text.
   *
   * @returns false if it was dropped, because the connection is closed, or is being closed because it read too slowly
   * (`limits.rawWaitingBytesMax`). @throws TypeError if the value is not a string
   */
  send(text: Extract<SendData, string>): boolean;
  /** @param code 1000, or 3000 to 4999 */
  close(code?: number, reason?: string): void;
  /** @throws WireError `topic_invalid`, `too_many_topics` */
  join(topic: string): void;
  leave(topic: string): void;
}
