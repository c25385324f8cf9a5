import type { Claims, SendData } from '@everywire/server';

/** How a client is connected: the names that sockjs-node gives them. */
export type SockJsTransport =
  | 'websocket'
  | 'websocket-raw'
  | 'xhr-polling'
  | 'xhr-streaming'
  | 'eventsource'
  | 'htmlfile'
  | 'jsonp-polling';

/**
 * One SockJS client. It ends with its connection, or five seconds after its last request; who comes again is another one, and what was
 * on its way is lost (SockJS promises nothing more).
 */
export interface SockJsConnection {
  /** A number unique in this process, below 0; safe in logs. `PublishOptions.except` takes the connection by it. */
  readonly serial: number;
  readonly claims: Claims;
  readonly transport: SockJsTransport;
  readonly remoteAddress: string;
  readonly origin: string | undefined;
  /**
   * Handles what the client sends, one message at a time: while a promise is pending nothing more is read of it. One that throws
   * closes the connection with 1011.
   */
  onMessage: ((text: string) => void | Promise<void>) | null;
  /** Called once, with the code and the reason that the client hears or gave; 1002 where it is gone without a word. */
  onClose: ((code: number, reason: string) => void) | null;
  /**
   * @returns false where it was dropped: the connection is closed, or is being closed because too much waited for it
   * (`limits.rawWaitingBytesMax`). @throws TypeError for what is no text.
   */
  send(text: Extract<SendData, string>): boolean;
  /** @param code 1000, or 3000 to 4999 */
  close(code?: number, reason?: string): void;
  /** @throws WireError `topic_invalid`, `too_many_topics` */
  join(topic: string): void;
  leave(topic: string): void;
}
