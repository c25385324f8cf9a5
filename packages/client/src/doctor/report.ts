/** Stable code of a problem on the path to a server or with its address. `describe` has the texts. */
export type FindingCode =
  /** A WebSocket is refused by an intermediary (a proxy, firewall or virus scanner on the path) or the server. */
  | 'websocket_refused'
  /** The Upgrade header of a WebSocket's handshake does not arrive. Only Node can distinguish this from a refusal. */
  | 'websocket_stripped'
  /** A WebSocket opens and is ended by an intermediary. */
  | 'websocket_dies'
  /** A WebSocket opens, but no data passes. */
  | 'websocket_silent'
  /** A response is forwarded only when it is complete. */
  | 'stream_buffered'
  /** A response is forwarded only in larger pieces. */
  | 'stream_gathered'
  /** A response loses its beginning. */
  | 'stream_beheaded'
  /** A response does not arrive to its end. */
  | 'stream_cut'
  /** Requests above some size do not pass. */
  | 'body_limited'
  /** An idle connection is ended. */
  | 'idle_cut'
  /** A request waits until another one has ended. */
  | 'few_connections'
  /** A request arrives more than once. */
  | 'posts_replayed'
  /** Only some of the requests are answered. */
  | 'unsteady'
  | 'sign_in_page'
  | 'other_page'
  | 'redirected'
  | 'not_attached'
  | 'wrong_path'
  | 'no_doctor'
  | 'method_refused'
  | 'password_asked'
  | 'gateway'
  | 'busy'
  | 'closing'
  | 'host_unknown'
  | 'origin_refused'
  | 'no_cors'
  | 'mixed_content'
  | 'offline'
  | 'unreachable'
  | 'host_not_found'
  | 'port_closed'
  | 'connection_cut'
  | 'no_answer'
  | 'tls_untrusted'
  | 'tls_expired'
  | 'tls_name'
  | 'tls_missing';

/** A problem found by an examination. */
export interface Finding {
  readonly code: FindingCode;
  /** Observed numbers and names: a status, milliseconds, bytes, an origin. Never a token or contents. */
  readonly evidence: Readonly<Record<string, string | number>>;
}

/**
 * Outcome of a check. `failed`: the check found a problem. `skipped`: the check was impossible because of earlier
 * findings, or was not requested.
 */
export type CheckOutcome = 'passed' | 'failed' | 'skipped';

/** Report of an examination. */
export interface Report {
  /** Prefix of the server, without query and credentials. */
  readonly url: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** Duration in milliseconds. */
  readonly tookMs: number;
  /**
   * `clear`: no problem. `hindered`: there are problems, but a session works with the named `transport`. `blocked`: no
   * session works.
   */
  readonly outcome: 'clear' | 'hindered' | 'blocked';
  /** The best transport that works here; `null` if none does. */
  readonly transport: 'websocket' | 'fetch-stream' | 'long-poll' | null;
  /** Shortest round trip of a few requests, in milliseconds; `null` if none was answered. */
  readonly roundTripMs: number | null;
  readonly checks: {
    readonly reach: CheckOutcome;
    readonly webSocket: CheckOutcome;
    readonly stream: CheckOutcome;
    readonly requests: CheckOutcome;
    readonly idle: CheckOutcome;
  };
  readonly findings: readonly Finding[];
}
