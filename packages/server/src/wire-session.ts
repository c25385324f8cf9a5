import type { Verdict } from '@everywire/protocol';

/** What `WireServerOptions.authenticate` learned about the person or program behind a session. */
export interface Claims {
  /** Stable id of the authenticated subject; sessions are found and ended by it. */
  readonly subject: string;
  /** Opaque key of the credential used, so that revoking it ends exactly its sessions. Never the credential itself. */
  readonly credential?: string;
  /**
   * Milliseconds since the epoch. Before it the client is asked for another token, in the session; without one the session is
   * suspended for `limits.suspendedMs`, then it ends with `expired` (SN-21). Default: never.
   */
  readonly expiresAt?: number;
  /** What its session lives through is kept for `wire.recordings`, from its beginning: at most 64 kB, never contents. Default false. */
  readonly recorded?: boolean;
  readonly [claim: string]: unknown;
}

/**
 * How a topic treats a subscriber whose buffer is full (SN-23): a `durable` one ends that session with `overflow`, a `hint`
 * one drops and sends one `reset topic`, an `ephemeral` one drops.
 */
export type TopicClass = 'durable' | 'hint' | 'ephemeral';

export interface PublishOptions {
  readonly class?: TopicClass;
  /** A session, or a raw link, that is not to get it. */
  readonly except?: { readonly serial: number };
  /**
   * Replaces what a subscriber has not been written yet of the same key in this topic, so that a slow one gets the newest and a
   * fast one everything. The order of what is left is that of the calls.
   */
  readonly conflate?: string;
  /** `node`: members on this node alone get it, and the broker is not asked. Default: those of every node. */
  readonly reach?: 'node';
}

export interface SendOptions {
  /** `peer`: the client's application has settled it, which is when its `message` handlers have returned. */
  readonly until: 'peer';
  /** Nobody waits any more; the message still travels. */
  readonly signal?: AbortSignal;
}

export interface RequestOptions {
  /** Default `limits.requestTimeoutMs`. */
  readonly timeoutMs?: number;
  /** Nobody waits any more; the request still travels. */
  readonly signal?: AbortSignal;
}

export interface RequestContext {
  readonly session: WireSession;
  /** Aborted when the session has ended: nobody will hear the reply. */
  readonly signal: AbortSignal;
}

/** What is sent: text stays text, bytes of any kind arrive as bytes. Anything else is a `TypeError`. */
export type SendData = string | ArrayBuffer | ArrayBufferView;

/** Replies. A `WireError` that is thrown answers with its code and text, anything else with `internal` and the notice `handler_failed`. */
export type RequestHandler = (data: string | Uint8Array, context: RequestContext) => SendData | Promise<SendData>;

/**
 * The server's end of one session: outlives every connection, delivers in order and exactly once.
 *
 * Handlers are set in `onSession`, or before the promise that it returns has settled; what comes early waits for that. One message is
 * handled at a time: a promise returned by `onMessage` withholds the acknowledgement until it settles (SN-6), which is the back-pressure.
 */
export interface WireSession {
  /** A number unique in this process; safe in logs. It is not the session id, which is a secret. */
  readonly serial: number;
  /** Those of the token that is good now: a renewed one may bring others, for the same subject. */
  readonly claims: Claims;
  /** Name of the transport that is written to now, or `null` between polls and while nothing is connected. */
  readonly transport: string | null;
  readonly bufferedAmount: number;
  /**
   * Handles the client's messages. While there is none, the first message and everything behind it wait unacknowledged, bounded by the
   * window, and the notice `no_message_handler` is given; a handler that is set later gets them, after the code that sets it has returned.
   */
  onMessage: ((data: string | Uint8Array) => void | Promise<void>) | null;
  /**
   * Answers the client's requests (SN-31). They are begun in the order of all messages, and acknowledged when begun: one that
   * takes its time holds up nothing that follows. Without a handler they fail with `no_handler`.
   */
  onRequest: RequestHandler | null;
  /** `send` had returned false, and half the window is free again (SN-23). */
  onDrain: (() => void) | null;
  /** Called once, after which nothing else is. Set by an asynchronous `onSession` after the session has ended, it is called then. */
  onClose: ((verdict: Verdict) => void) | null;
  /** Called when `transport` changes; the first time right after `onSession` has settled, the last time, with `null`, before `onClose`. */
  onTransport: ((transport: string | null) => void) | null;
  /** @returns false above the window: wait for the peer. @throws WireError `buffer_full` above the limit; nothing was accepted. */
  send(data: SendData): boolean;
  /**
   * Resolves when the client's application has settled it (SN-30). Rejects with a `WireError`: `buffer_full`, `message_too_big` or the
   * verdict's code where nothing was accepted; the verdict's code, with `unknown`, when the session ended before; `aborted`.
   */
  send(data: SendData, options: SendOptions): Promise<void>;
  /**
   * Asks the client (SN-31). Rejects with a `WireError`: the code its handler threw, `no_handler`, `timeout`, `aborted`,
   * `too_many_requests`, `unsupported` where the client is of a version that knows no requests, or the verdict's code.
   */
  request(data: SendData, options?: RequestOptions): Promise<string | Uint8Array>;
  /** @param options `info` is shown to who asks for the topic's members; joining again replaces it. */
  join(topic: string, options?: { readonly info?: unknown }): void;
  leave(topic: string): void;
  /** As `wire.publish`, in the name of this session: the policy is asked first. Rejects with a `WireError` of its code. */
  publish(topic: string, data: SendData, options?: PublishOptions): Promise<void>;
  /**
   * Gives the client another session id, as is done by itself with each renewed token: the present one is worth nothing as soon
   * as the new one was used (SN-20).
   */
  rotate(): void;
  /** Ends the session cleanly: what was accepted is delivered first (SN-4). */
  close(): void;
  /** Ends the session now, with a stable code (`revoked`, `policy`, ...), at both ends. */
  end(code: string): void;
}
