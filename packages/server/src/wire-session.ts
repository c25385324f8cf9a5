import type { Verdict } from '@everywire/protocol';

/** The facts that `authenticate` returned about a session's user or program. */
export interface Claims {
  /** Stable id of the authenticated subject, by which sessions are found and ended. */
  readonly subject: string;
  /** Opaque key of the credential, so that its revocation ends exactly its sessions. Never the credential itself. */
  readonly credential?: string;
  /**
   * When the token expires, in milliseconds since the epoch. The client is asked for a new token before this time. If it sends none,
   * the session is suspended for `limits.suspendedMs` and then ends with `expired` (SN-21). Default: never.
   */
  readonly expiresAt?: number;
  /** Whether the session is recorded for `wire.recordings` from its start: at most 64 kB, never contents. Default false. */
  readonly recorded?: boolean;
  readonly [claim: string]: unknown;
}

/**
 * What happens if the buffer of a subscriber is full (SN-23). `durable`: its session ends with `overflow`. `hint`: the message is
 * dropped, and the client gets one `reset` of the topic when there is room again. `ephemeral`: the message is dropped.
 */
export type TopicClass = 'durable' | 'hint' | 'ephemeral';

/** Options of `publish`. */
export interface PublishOptions {
  readonly class?: TopicClass;
  /** A session or raw link that does not get the message. */
  readonly except?: { readonly serial: number };
  /**
   * A key. For each subscriber, the message replaces one with the same key and topic that is not written yet. So a slow subscriber gets
   * only the newest one and a fast subscriber gets all. All other messages keep the order of the calls.
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
  /** Milliseconds until the request fails with `timeout`. Default `limits.requestTimeoutMs`. */
  readonly timeoutMs?: number;
  /** Stops waiting. The request is still sent. */
  readonly signal?: AbortSignal;
}

/** Context of a request to `onRequest`. */
export interface RequestContext {
  readonly session: WireSession;
  /** Aborted when the session has ended, because the reply is then not needed any more. */
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
 * The server's end of one session: a two-way stream of messages with one client. It outlives connections and delivers each message in
 * order and exactly once.
 *
 * Set handlers in `onSession`, or before its promise settles; earlier messages wait. One message is handled at a time. If `onMessage`
 * returns a promise, the message is acknowledged when the promise settles (SN-6), which slows down a client that sends too fast.
 */
export interface WireSession {
  /** A number unique in this process; safe in logs. It is not the session id, which is secret. */
  readonly serial: number;
  /** The claims of the current token. A renewed token may change them, for the same subject. */
  readonly claims: Claims;
  /** Name of the current transport; `null` between polls and without a connection. */
  readonly transport: string | null;
  /** Bytes of the messages that the client has not acknowledged. */
  readonly bufferedAmount: number;
  /**
   * Handles the client's messages. Without a handler, the first message and all later ones wait unacknowledged, bounded by the
   * window, and the notice `no_message_handler` is sent. A handler that is set later gets them after the code that sets it has
   * returned.
   */
  onMessage: ((data: string | Uint8Array) => void | Promise<void>) | null;
  /**
   * Answers the client's requests (SN-31). Requests and messages start in the order of sending. A request is acknowledged at its start,
   * so a slow one does not delay others. Without a handler requests fail with `no_handler`.
   */
  onRequest: RequestHandler | null;
  /** Called when half the window is free again after `send` has returned false (SN-23). */
  onDrain: (() => void) | null;
  /** Called once, as the last handler. If an asynchronous `onSession` sets it after the end of the session, it is called afterwards. */
  onClose: ((verdict: Verdict) => void) | null;
  /** Called when `transport` changes: first after `onSession` has settled, last with `null` before `onClose`. */
  onTransport: ((transport: string | null) => void) | null;
  /**
   * Sends a message. @returns false if more than the window (the allowed unacknowledged amount) waits, so that the caller should wait
   * for `onDrain`; also after the end of the session. @throws WireError `buffer_full` above the limit; the message is not sent
   */
  send(data: SendData): boolean;
  /**
   * Sends a message and resolves when the client's application has settled it (SN-30). Rejects with a `WireError`. If the message was
   * not sent, the code is `buffer_full`, `message_too_big` or the verdict's code. If the session ended before the message was settled,
   * it is the verdict's code, and `unknown` is set. If `signal` was aborted, it is `aborted`.
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
  /** Ends the session cleanly, after both ends have settled all messages that were sent. `send` accepts nothing any more (SN-4). */
  close(): void;
  /** Ends the session at both ends now, with a stable code (`revoked`, `policy`, ...). */
  end(code: string): void;
}
