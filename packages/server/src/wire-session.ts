import type { Verdict } from '@everywire/protocol';

/** The facts that `authenticate` returned about a session's user or program. */
export interface Claims {
  /** Stable id of the authenticated subject, by which sessions are found and ended. */
  readonly subject: string;
  /** Opaque key of the credential, so that its revocation ends exactly its sessions. Never the credential itself. */
  readonly credential?: string;
  /**
   * Milliseconds since the epoch. The client is asked for a new token before this time. Without one, the session is suspended for
   * `limits.suspendedMs` and then ends with `expired` (SN-21). Default: never.
   */
  readonly expiresAt?: number;
  /** Whether the session is recorded for `wire.recordings` from its start: at most 64 kB, never contents. Default false. */
  readonly recorded?: boolean;
  readonly [claim: string]: unknown;
}

/**
 * The treatment of a subscriber with a full buffer (SN-23): `durable` ends the session with `overflow`, `hint` drops the message
 * and sends one `reset topic`, `ephemeral` drops it.
 */
export type TopicClass = 'durable' | 'hint' | 'ephemeral';

/** Options of `publish`. */
export interface PublishOptions {
  readonly class?: TopicClass;
  /** A session or raw link that does not get the message. */
  readonly except?: { readonly serial: number };
  /**
   * Replaces an unwritten message with the same key in this topic, so that a slow subscriber gets the newest and a fast one gets
   * all. The others keep the order of the calls.
   */
  readonly conflate?: string;
  /** `node`: only members on this node get the message, without the broker. Default: members on all nodes. */
  readonly reach?: 'node';
}

/** Options of `send`. */
export interface SendOptions {
  /**
   * `peer`: waits until the client's application has settled the message, which means that its `message` handlers have returned.
   */
  readonly until: 'peer';
  /** Stops waiting. The message is still sent. */
  readonly signal?: AbortSignal;
}

/** Options of `request`. */
export interface RequestOptions {
  /** Default `limits.requestTimeoutMs`. */
  readonly timeoutMs?: number;
  /** Stops waiting. The request is still sent. */
  readonly signal?: AbortSignal;
}

/** Context of a request to `onRequest`. */
export interface RequestContext {
  readonly session: WireSession;
  /** Aborted when the session has ended: the reply is not needed any more. */
  readonly signal: AbortSignal;
}

/** Data to send: text arrives as text, and bytes of any kind as bytes. Any other type is a `TypeError`. */
export type SendData = string | ArrayBuffer | ArrayBufferView;

/**
 * Returns the reply to a request. A thrown `WireError` answers with its code and text; any other error answers with `internal`
 * and causes the notice `handler_failed`.
 */
export type RequestHandler = (data: string | Uint8Array, context: RequestContext) => SendData | Promise<SendData>;

/**
 * The server's end of one session. It outlives connections and delivers in order and exactly once.
 *
 * Set handlers in `onSession`, or before its promise settles; earlier messages wait. One message is handled at a time: a promise
 * of `onMessage` delays the acknowledgement until it settles (SN-6). This is the back-pressure.
 */
export interface WireSession {
  /** A number unique in this process; safe in logs. It is not the session id, which is secret. */
  readonly serial: number;
  /** The claims of the current token. A renewed token may change them, for the same subject. */
  readonly claims: Claims;
  /** Name of the current transport; `null` between polls and without a connection. */
  readonly transport: string | null;
  readonly bufferedAmount: number;
  /**
   * Handles the client's messages. Without a handler, the first message and all later ones wait unacknowledged, bounded by the
   * window, and the notice `no_message_handler` is sent. A handler that is set later gets them after the code that sets it has
   * returned.
   */
  onMessage: ((data: string | Uint8Array) => void | Promise<void>) | null;
  /**
   * Answers the client's requests (SN-31). Requests start in the order of all messages and are acknowledged at their start, so a
   * slow one does not delay others. Without a handler they fail with `no_handler`.
   */
  onRequest: RequestHandler | null;
  /** Called when half the window is free again after `send` has returned false (SN-23). */
  onDrain: (() => void) | null;
  /** Called once, as the last handler. If an asynchronous `onSession` sets it after the session has ended, it is called then. */
  onClose: ((verdict: Verdict) => void) | null;
  /** Called when `transport` changes: first after `onSession` has settled, last with `null` before `onClose`. */
  onTransport: ((transport: string | null) => void) | null;
  /**
   * Sends a message. @returns false above the window: wait for `onDrain`. @throws WireError `buffer_full` above the limit; the
   * message is not sent
   */
  send(data: SendData): boolean;
  /**
   * Sends a message and resolves when the client's application has settled it (SN-30). Rejects with a `WireError`: `buffer_full`,
   * `message_too_big` or the verdict's code if the message was not sent; the verdict's code, with `unknown`, if the session ended
   * before; `aborted`.
   */
  send(data: SendData, options: SendOptions): Promise<void>;
  /**
   * Sends a request to the client (SN-31). Rejects with a `WireError`: the code of its handler, `no_handler`, `timeout`,
   * `aborted`, `too_many_requests`, `unsupported` if the client's version has no requests, or the verdict's code.
   */
  request(data: SendData, options?: RequestOptions): Promise<string | Uint8Array>;
  /** @param options `info` is shown in the topic's members; joining again replaces it */
  join(topic: string, options?: { readonly info?: unknown }): void;
  leave(topic: string): void;
  /** Publishes as `wire.publish` for this session, if the policy permits it. Rejects with a `WireError` of the policy's code. */
  publish(topic: string, data: SendData, options?: PublishOptions): Promise<void>;
  /**
   * Gives the client another session id, which also happens with each renewed token. The current id is invalid after the first
   * use of the new one (SN-20).
   */
  rotate(): void;
  /** Ends the session cleanly, after its accepted messages (SN-4). */
  close(): void;
  /** Ends the session at both ends now, with a stable code (`revoked`, `policy`, ...). */
  end(code: string): void;
}
