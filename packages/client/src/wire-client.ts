import type { Verdict } from '@everywire/protocol';

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

/** One try at a transport that did not work: what the page shows under "Why?". */
export interface Attempt {
  readonly transport: TransportName;
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** Stable code: `refused`, `too_large`, `blocked`, `timeout`, `buffered`, `cut`, `silent`, `damaged`, `busy`, `closing`; the client's guide says what each means. */
  readonly reason: string;
  /** Status of the HTTP answer that came in place of the transport's own. Browsers keep that of a WebSocket to themselves. */
  readonly status?: number;
  /** The code of the server's error (the guide to errors), or of Node's, such as `ECONNREFUSED` or `CERT_HAS_EXPIRED`. */
  readonly code?: string;
}

/** Where the session stands. `open` while a link is attached; `waiting` where the next try is a while away. Times: since the epoch. */
export type Status =
  | { readonly state: 'connecting'; readonly attempts: readonly Attempt[] }
  | {
      readonly state: 'open';
      readonly transport: TransportName;
      readonly roundTripMs: number | null;
      /** When the round trip was measured last, within ten seconds. Absent before it was. */
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
      /** Something on the way refuses what is sent, however little it is: nothing is lost, and it is tried again and again. */
      readonly state: 'blocked';
      /** Stable code: `too_large` (SN-46). */
      readonly reason: string;
      /** So many bytes of messages in one request did not pass. */
      readonly bytes: number;
      readonly since: number;
      readonly attempts: readonly Attempt[];
    }
  | { readonly state: 'closing' }
  | { readonly state: 'closed'; readonly verdict: Verdict };

export interface WireClientOptions {
  /**
   * Those that may be used; one name forces it. The order is the client's own, best first. Default: `websocket`, `fetch-stream`,
   * `event-stream`, `long-poll`.
   */
  readonly transports?: readonly TransportName[];
  /**
   * Asked for the session, again while opening it takes several tries, and again before the server's claims run out: then the
   * session goes on with it (SN-21). Goes in a record or a body, never in a URL. Where it fails at first the session ends with
   * `unauthorized`; later it is asked again, until the session ends with `expired`.
   */
  readonly token?: () => string | undefined | Promise<string | undefined>;
  /**
   * In Node: where the server takes raw TCP, `tcp://chat.example.org:8089`, or `tls:` where that port speaks TLS. It is tried first; what
   * needs no reply in time (early messages, a second way) still goes to the URL. Default: `tcp` is not used.
   */
  readonly tcp?: string;
  /** Requests of the session under way at once, each way; above it they fail with `too_many_requests`. Default 64. */
  readonly requestsMax?: number;
  /** Of `short-poll`: milliseconds between a poll's answer and the next while nothing is said; shorter with traffic. Default 2000. */
  readonly shortPollMs?: number;
  /** For every HTTP request; with it an event stream is read by it too, because no `EventSource` sends what it may add. Default: the global one. */
  readonly fetch?: typeof globalThis.fetch;
  /**
   * Where is kept for an hour what got through on this network: a transport's name and a duration, no secret. Default: the
   * page's `localStorage`; in Node nothing is kept. `null` keeps nothing.
   */
  readonly storage?: { getItem(key: string): string | null; setItem(key: string, value: string): void } | null;
}

export interface SendOptions {
  /** `server`: its machine has taken the message. `peer`: its application has settled it; a promise of its handler has resolved. */
  readonly until: 'server' | 'peer';
  /** Nobody waits any more; the message still travels. */
  readonly signal?: AbortSignal;
}

export interface RequestOptions {
  /** Milliseconds from the call, the time without a connection included. A request that has not left by then is dropped, and its failure is not `unknown`. Default 30,000. */
  readonly timeoutMs?: number;
  /** Nobody waits any more; the request still travels. */
  readonly signal?: AbortSignal;
}

export interface RequestContext {
  /** Aborted when the session has ended: nobody will hear the reply. */
  readonly signal: AbortSignal;
}

/** Text stays text, binary stays binary. A `WireError` that is thrown answers with its code and text, anything else with `internal`. */
export type RequestHandler = (
  data: string | Uint8Array,
  context: RequestContext,
) => string | Uint8Array | Promise<string | Uint8Array>;

/** The server's policy did not let a message through. */
export interface RefusedEvent extends Event {
  /** Which of the messages and requests that were sent, from 1. */
  readonly number: number;
  /** The policy's word for why. */
  readonly code: string;
  readonly data: string | Uint8Array;
}

/** A message, or the topic of a `reset`; at run time a `MessageEvent`. */
export interface WireMessageEvent<Data> extends Event {
  readonly data: Data;
}

/** As a `CloseEvent`, which Node 20 does not have. */
export interface WireCloseEvent extends Event {
  readonly code: number;
  readonly reason: string;
  readonly wasClean: boolean;
}

/** What a `WireClient` fires. No name of the browser's library is used, so that a program for Node compiles without it. */
export interface WireClientEvents {
  readonly open: Event;
  // biome-ignore lint/suspicious/noExplicitAny: as in a WebSocket: text, or what `binaryType` says.
  readonly message: WireMessageEvent<any>;
  /** Before a `close` that is not clean. */
  readonly error: Event;
  readonly close: WireCloseEvent;
  /** `status` is another object than before. */
  readonly statuschange: Event;
  /** `send` had returned false, and half the window is free again. */
  readonly drain: Event;
  /** The server dropped messages of the hint topic named in `data`: read what it is about anew. */
  readonly reset: WireMessageEvent<string>;
  /** The server's policy did not let a message through; nothing else is lost. */
  readonly refused: RefusedEvent;
}

/** Takes a handler that expects the browser's own `MessageEvent` or `CloseEvent` as well: methods are compared both ways. */
export type WireHandler<Type extends keyof WireClientEvents> = {
  handle(event: WireClientEvents[Type]): void;
}['handle'];

/** A listener as `EventTarget` takes it. */
export type WireListener<Type extends keyof WireClientEvents> =
  | WireHandler<Type>
  | { handleEvent(event: WireClientEvents[Type]): void };

/** As `AddEventListenerOptions`. */
export interface WireListenerOptions {
  readonly capture?: boolean;
  readonly once?: boolean;
  readonly passive?: boolean;
  readonly signal?: AbortSignal;
}

/**
 * Looks like a WebSocket and is a session: `readyState`, `send`, `close`, the `on...` of every event, `addEventListener`,
 * `bufferedAmount`, `binaryType`; plus what a session knows.
 *
 * `open` fires once, `close` once with the verdict's code; a lost connection in between is only a `statuschange`.
 * `send` returns false above the window and throws `buffer_full` above the limit; `drain` fires at half the window.
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
  /** @returns false above the window, and after `close`, when nothing was accepted. @throws WireError; nothing was accepted. */
  send(data: string | ArrayBuffer | ArrayBufferView | Blob): boolean;
  /**
   * Resolves when the message has come as far as `until` says. Rejects with a `WireError`: where nothing was accepted,
   * `buffer_full`, `message_too_big` or `closed`; when the session has ended before, the verdict's code, with `unknown`; where the
   * server's policy refused it, the policy's code; `aborted`.
   */
  send(data: string | ArrayBuffer | ArrayBufferView | Blob, options: SendOptions): Promise<void>;
  /**
   * Asks the server; the reply is text or bytes. Rejects with a `WireError`: the code its handler threw, `no_handler`, `timeout`,
   * `aborted`, `too_many_requests`, `unsupported` where the server knows no requests, or as `send`.
   */
  request(data: string | ArrayBuffer | ArrayBufferView, options?: RequestOptions): Promise<string | Uint8Array>;
  close(code?: number, reason?: string): void;
  /**
   * Ends the session before this returns, with the verdict `aborted`: nothing of what is buffered is sent any more. Messages that a connection was given
   * already may still arrive. Tells the server where that is possible at that moment.
   */
  terminate(): void;
  /** Forces one transport, or with `null` goes back to choosing. Make before break, in the same session. */
  use(transport: TransportName | null): void;
  /** Tries again at once: the person pressed "Try now", the device woke up. */
  retryNow(): void;
  onopen: WireHandler<'open'> | null;
  onmessage: WireHandler<'message'> | null;
  onerror: WireHandler<'error'> | null;
  onclose: WireHandler<'close'> | null;
  onstatuschange: WireHandler<'statuschange'> | null;
  ondrain: WireHandler<'drain'> | null;
  onreset: WireHandler<'reset'> | null;
  onrefused: WireHandler<'refused'> | null;
  /** Answers the server's requests; without it they fail with `no_handler`. */
  onrequest: RequestHandler | null;
}
