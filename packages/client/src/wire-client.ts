import type { Verdict } from '@everywire/protocol';

/** Name of a transport, which is a technique for carrying messages. */
export type TransportName =
  | 'websocket'
  | 'tcp'
  | 'flash-socket'
  | 'event-stream'
  | 'fetch-stream'
  | 'multipart-stream'
  | 'xhr-stream'
  | 'iframe-stream'
  | 'htmlfile-stream'
  | 'xdr-stream'
  | 'long-poll'
  | 'xdr-poll'
  | 'jsonp-poll'
  | 'short-poll';

/** A failed attempt to use a transport. An application can show these to a user who asks why the connection is slow. */
export interface Attempt {
  readonly transport: TransportName;
  /** Milliseconds since the epoch. */
  readonly at: number;
  /**
   * Stable code: `refused`, `too_large`, `blocked`, `timeout`, `buffered`, `cut`, `silent`, `damaged`, `busy`, `closing`. The
   * client's guide describes each.
   */
  readonly reason: string;
  /** HTTP status of an answer received instead of the transport's own. Browsers do not state it for a WebSocket. */
  readonly status?: number;
  /** Code of the server's error (see the guide to errors), or of Node's error, such as `ECONNREFUSED` or `CERT_HAS_EXPIRED`. */
  readonly code?: string;
  /** The platform's description of a request that failed without a status or a code, for developers; at most 200 characters. */
  readonly message?: string;
}

/**
 * State of the session. `open`: a link (a connection or request of a transport) carries the session. `waiting`: the client pauses before
 * the next attempt. Times are milliseconds since the epoch.
 */
export type Status =
  | { readonly state: 'connecting'; readonly attempts: readonly Attempt[] }
  | {
      readonly state: 'open';
      readonly transport: TransportName;
      readonly roundTripMs: number | null;
      /** When the round trip was last measured, accurate to ten seconds. Absent before the first measurement. */
      readonly measuredAt?: number;
      readonly attempts: readonly Attempt[];
    }
  | { readonly state: 'reconnecting'; readonly since: number; readonly attempts: readonly Attempt[] }
  | {
      readonly state: 'waiting';
      readonly since: number;
      readonly retryAt: number;
      readonly attempts: readonly Attempt[];
    }
  | {
      /** A proxy on the network refuses every message, however small. Nothing is lost, and sending is retried. */
      readonly state: 'blocked';
      /** Stable code: `too_large` (SN-46). */
      readonly reason: string;
      /** Bytes of messages in the request that did not pass. */
      readonly bytes: number;
      readonly since: number;
      readonly attempts: readonly Attempt[];
    }
  | { readonly state: 'closing' }
  | { readonly state: 'closed'; readonly verdict: Verdict };

/** Options of a `WireClient`. */
export interface WireClientOptions {
  /**
   * Allowed transports. A single name forces that transport. The client decides the order, best first. Default: `websocket`,
   * `fetch-stream`, `event-stream`, `long-poll`.
   */
  readonly transports?: readonly TransportName[];
  /**
   * Returns the token of the session. Called again for further attempts to open the session, and before the server's claims (what it has
   * verified of the token) expire, to renew the session (SN-21). The token is sent in a record or a body, never in a URL. If the first call
   * fails, the session ends with `unauthorized`. Later calls are retried until the session ends with `expired`.
   */
  readonly token?: () => string | undefined | Promise<string | undefined>;
  /**
   * In Node: address of the server's raw TCP port, such as `tcp://chat.example.org:8089`, or with `tls:` for TLS. It is tried first. Early
   * messages and a second transport that is tried in parallel still use the URL. Default: `tcp` is not used.
   */
  readonly tcp?: string;
  /** Maximum requests (see `request`) in flight, in each direction. Further requests fail with `too_many_requests`. Default 64. */
  readonly requestsMax?: number;
  /** For `short-poll`: pause between polls without traffic, in whole milliseconds, 1 to 300,000. Shorter with traffic. Default 2000. */
  readonly shortPollMs?: number;
  /**
   * The function for every HTTP request. Event streams use it too, because an `EventSource` cannot send the headers that the function may
   * add. Default: the global `fetch`.
   */
  readonly fetch?: typeof globalThis.fetch;
  /**
   * Storage that remembers for an hour which transport works on this network. It keeps a transport's name, a duration and a size, but no
   * secrets. Default: the page's `localStorage`; in Node none. `null` stores nothing.
   */
  readonly storage?: { getItem(key: string): string | null; setItem(key: string, value: string): void } | null;
}

/** Options of an awaited `send`. */
export interface SendOptions {
  /**
   * When the promise resolves. `server`: the server has received the message. `peer`: the application at the server has processed it, which
   * means that its handler, and a promise that this returned, are done.
   */
  readonly until: 'server' | 'peer';
  /** Rejects the promise when aborted. The message is sent nevertheless. */
  readonly signal?: AbortSignal;
}

/** Options of a request. */
export interface RequestOptions {
  /**
   * Timeout in milliseconds from the call, `Infinity` for none, including time without a connection. A request that was not sent until then is dropped. Its
   * failure is then not `unknown`, which means that the server certainly has not handled it. Default 30,000.
   */
  readonly timeoutMs?: number;
  /** Rejects the promise when aborted. The request is sent nevertheless. */
  readonly signal?: AbortSignal;
}

/** Context of a request handler. */
export interface RequestContext {
  /** Aborted when the session has ended, so that the reply cannot be sent. */
  readonly signal: AbortSignal;
}

/**
 * Answers a request. A reply can be text or bytes of any kind. If the handler throws a `WireError`, its code and text are sent; for any other error,
 * the code `internal`.
 */
export type RequestHandler = (data: string | Uint8Array, context: RequestContext) => Reply | PromiseLike<Reply>;

type Reply = string | ArrayBuffer | ArrayBufferView;

/** Event: the server's policy refused a message. */
export interface RefusedEvent extends Event {
  /** Number of the message or request, counted from 1 in sending order. */
  readonly number: number;
  /** The policy's code for the reason. */
  readonly code: string;
  readonly data: string | Uint8Array;
}

/** Event: a message, or the topic of a `reset`. At run time a `MessageEvent`. */
export interface WireMessageEvent<Data> extends Event {
  readonly data: Data;
}

/** Same as `CloseEvent`, which Node 22 does not have. */
export interface WireCloseEvent extends Event {
  readonly code: number;
  readonly reason: string;
  readonly wasClean: boolean;
}

/** Events of a `WireClient`. Uses no types of the browser's library, so that programs for Node compile without it. */
export interface WireClientEvents {
  readonly open: Event;
  // biome-ignore lint/suspicious/noExplicitAny: as in a WebSocket: text, or what `binaryType` says.
  readonly message: WireMessageEvent<any>;
  /** Fired before a `close` that is not clean. */
  readonly error: Event;
  readonly close: WireCloseEvent;
  /** Fired when `status` has changed. */
  readonly statuschange: Event;
  /**
   * Fired when half the window is free again after `send` returned false. The window limits the messages that are sent and not
   * acknowledged.
   */
  readonly drain: Event;
  /**
   * Fired when the server dropped messages of the hint topic whose name is in `data`. The messages of a hint topic may be dropped for a
   * slow client. The application must then read the state again that they report.
   */
  readonly reset: WireMessageEvent<string>;
  /** Fired when the server's policy refused a message. No other message is lost. */
  readonly refused: RefusedEvent;
}

/** An event handler. As a method type, it also accepts handlers of the browser's `MessageEvent` or `CloseEvent`. */
export type WireHandler<Type extends keyof WireClientEvents> = {
  handle(event: WireClientEvents[Type]): void;
}['handle'];

/** A listener as accepted by `EventTarget`. */
export type WireListener<Type extends keyof WireClientEvents> =
  | WireHandler<Type>
  | { handleEvent(event: WireClientEvents[Type]): void };

/** Same as `AddEventListenerOptions`. */
export interface WireListenerOptions {
  readonly capture?: boolean;
  readonly once?: boolean;
  readonly passive?: boolean;
  readonly signal?: AbortSignal;
}

/**
 * A session (a two-way stream of messages that survives lost connections) with the interface of a WebSocket: `readyState`, `send`, `close`,
 * the `on...` of every event, `addEventListener`, `bufferedAmount`, `binaryType`, and further features of sessions.
 *
 * `open` fires once. `close` fires once, with a code for the reason. A connection that is lost in between only fires `statuschange`. `send`
 * returns false above the window and throws `buffer_full` above the limit of the buffer. `drain` fires at half the window.
 */
export interface WireClient extends EventTarget {
  addEventListener<Type extends keyof WireClientEvents>(
    type: Type,
    listener: WireListener<Type> | null,
    options?: boolean | WireListenerOptions,
  ): void;
  removeEventListener<Type extends keyof WireClientEvents>(
    type: Type,
    listener: WireListener<Type> | null,
    options?: boolean | { readonly capture?: boolean },
  ): void;
  readonly CONNECTING: 0;
  readonly OPEN: 1;
  readonly CLOSING: 2;
  readonly CLOSED: 3;
  readonly url: string;
  readonly readyState: 0 | 1 | 2 | 3;
  readonly bufferedAmount: number;
  binaryType: 'blob' | 'arraybuffer';
  readonly status: Status;
  readonly transport: TransportName | null;
  /**
   * Sends a message. @returns false if the window is exceeded; the message is sent nevertheless. After `close`, returns false and sends
   * nothing. @throws WireError if the message is not accepted
   */
  send(data: string | ArrayBuffer | ArrayBufferView | Blob): boolean;
  /**
   * Sends a message and resolves as `until` states. Rejects with a `WireError`: `buffer_full`, `message_too_big` or `closed` if the message
   * was not accepted; the code of the session's end, with `unknown`, if the session ended first; the policy's code if the server's policy
   * refused the message; `aborted`.
   */
  send(data: string | ArrayBuffer | ArrayBufferView | Blob, options: SendOptions): Promise<void>;
  /**
   * Sends a request and resolves with the reply, as text or bytes. Rejects with a `WireError`: the code that the server's handler threw,
   * `no_handler`, `timeout`, `aborted`, `too_many_requests`, `unsupported` if the server has no requests, or as `send`.
   */
  request(data: string | ArrayBuffer | ArrayBufferView, options?: RequestOptions): Promise<string | Uint8Array>;
  /** Closes the session after all accepted messages are delivered. The `close` event has this code and reason. */
  close(code?: number, reason?: string): void;
  /**
   * Ends the session immediately with the code `aborted` and drops all buffered messages. Messages already written to a connection may
   * still arrive. Informs the server if that is possible at that moment.
   */
  terminate(): void;
  /** Forces one transport; with `null`, the client chooses again. Changes the transport without an interruption, in the same session. */
  use(transport: TransportName | null): void;
  /** Tries again immediately, for instance when the user pressed "Try now" or the device woke up. */
  retryNow(): void;
  onopen: WireHandler<'open'> | null;
  onmessage: WireHandler<'message'> | null;
  onerror: WireHandler<'error'> | null;
  onclose: WireHandler<'close'> | null;
  onstatuschange: WireHandler<'statuschange'> | null;
  ondrain: WireHandler<'drain'> | null;
  onreset: WireHandler<'reset'> | null;
  onrefused: WireHandler<'refused'> | null;
  /** Handles the server's requests. Without it they fail with `no_handler`. */
  onrequest: RequestHandler | null;
}
