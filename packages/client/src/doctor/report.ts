/** What is wrong on the way to a server, or with its address. Stable; `describe` has the words. */
export type FindingCode =
  /** A WebSocket is answered by a refusal, in the middle or at the server. */
  | 'websocket_refused'
  /** The header that asks for a WebSocket does not arrive. Told apart from a refusal in Node only. */
  | 'websocket_stripped'
  /** It opens, and something ends it. */
  | 'websocket_dies'
  /** It opens, and nothing passes. */
  | 'websocket_silent'
  /** An answer is passed on when it is complete. */
  | 'stream_buffered'
  /** An answer is passed on when enough of it has come. */
  | 'stream_gathered'
  /** An answer loses its beginning. */
  | 'stream_beheaded'
  /** An answer does not come to its end. */
  | 'stream_cut'
  /** Requests above a size do not pass. */
  | 'body_limited'
  /** A connection on which nothing passes is ended. */
  | 'idle_cut'
  /** A request waits until another one is over. */
  | 'few_connections'
  /** A request arrives more than once. */
  | 'posts_replayed'
  /** No more than a part of what was asked gets an answer. */
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

export interface Finding {
  readonly code: FindingCode;
  /** What was seen, in figures and names: a status, milliseconds, bytes, an origin. Never a token, never contents. */
  readonly evidence: Readonly<Record<string, string | number>>;
}

/** `failed`: it found something. `skipped`: it could not be made, because of what was found before or since nobody asked for it. */
export type CheckOutcome = 'passed' | 'failed' | 'skipped';

export interface Report {
  /** Prefix of the server, without query and credentials. */
  readonly url: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** How long it took, in milliseconds. */
  readonly tookMs: number;
  /** `clear`: nothing found. `hindered`: a session gets through, by `transport`. `blocked`: nothing gets through. */
  readonly outcome: 'clear' | 'hindered' | 'blocked';
  /** The best transport that a session can keep here; `null` where none can. */
  readonly transport: 'websocket' | 'fetch-stream' | 'long-poll' | null;
  /** Of a request and its answer, in milliseconds: the shortest of a few. */
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
