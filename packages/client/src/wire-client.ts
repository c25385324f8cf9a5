import type { Verdict } from '@everywire/protocol';

export type TransportName = 'websocket' | 'event-stream' | 'fetch-stream' | 'long-poll';

/** One try at a transport that did not work: what the page shows under "Why?". */
export interface Attempt {
  readonly transport: TransportName;
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** Stable code: `refused`, `timeout`, `cut`, `silent`, `buffered`, `blocked`. */
  readonly reason: string;
}

/** Where the session stands. `open` while a link is proven; `waiting` between tries. */
export type Status =
  | { readonly state: 'connecting'; readonly attempts: readonly Attempt[] }
  | {
      readonly state: 'open';
      readonly transport: TransportName;
      readonly roundTripMs: number | null;
      readonly attempts: readonly Attempt[];
    }
  | { readonly state: 'reconnecting'; readonly since: number; readonly attempts: readonly Attempt[] }
  | {
      readonly state: 'waiting';
      readonly since: number;
      readonly retryAt: number;
      readonly attempts: readonly Attempt[];
    }
  | { readonly state: 'closing' }
  | { readonly state: 'closed'; readonly verdict: Verdict };

export interface WireClientOptions {
  /** Default: every modern transport, best first. One name forces it. */
  readonly transports?: readonly TransportName[];
  /** Asked for each new session; goes in a record or a body, never in a URL. */
  readonly token?: () => string | undefined | Promise<string | undefined>;
  /** Topics are asked for by the application, over messages or `join`. */
  readonly fetch?: typeof globalThis.fetch;
}

/**
 * Looks like a WebSocket and is a session: `readyState`, `send`, `close`, `onopen`/`onmessage`/`onerror`/`onclose`,
 * `addEventListener`, `bufferedAmount`, `binaryType`; plus what a session knows.
 *
 * `open` fires once, `close` once with the verdict's code; a lost connection in between is only a `statuschange`.
 * `send` returns false above the window and throws `buffer_full` above the limit; `drain` fires at half the window.
 */
export interface WireClient extends EventTarget {
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
  send(data: string | ArrayBuffer | ArrayBufferView | Blob): boolean;
  close(code?: number, reason?: string): void;
  /** Forces one transport, or with `null` goes back to choosing. Make before break, in the same session. */
  use(transport: TransportName | null): void;
  /** Tries again at once: the person pressed "Try now", the device woke up. */
  retryNow(): void;
  onopen: ((event: Event) => void) | null;
  onmessage: ((event: MessageEvent) => void) | null;
  onerror: ((event: Event) => void) | null;
  onclose: ((event: CloseEvent) => void) | null;
}
