/** A limit of how far one direction of a session may run ahead of its acknowledgements (SN-22). */
export interface Window {
  /** Maximum number of messages written and not yet acknowledged. */
  readonly messages: number;
  /** Maximum bytes of these messages; at least `messageBytesMax`, so that one message always fits. */
  readonly bytes: number;
}

/** Limits that the server sets and `opened` announces. Both ends keep to them (SN-22). */
export interface SessionLimits {
  /** Maximum bytes of one message. */
  readonly messageBytesMax: number;
  /**
   * Maximum messages in one body (a request with messages) or poll answer. This bounds what must be repeated when the
   * body or answer is lost.
   */
  readonly batchMessagesMax: number;
  /** Maximum bytes of messages in one body or poll answer. A single larger message still travels alone. */
  readonly batchBytesMax: number;
  /** The window of messages from the client to the server. */
  readonly up: Window;
  /** The window of messages from the server to the client. */
  readonly down: Window;
  /** Interval at which the server pings, and the longest time for which it holds a poll before it answers (SN-15). */
  readonly heartbeatMs: number;
  /** The same interval for a client that reported itself hidden, so that a phone in a pocket can sleep. */
  readonly heartbeatHiddenMs: number;
}

/** Limits that one end sets for itself and does not announce. */
export interface BufferLimits {
  /** Maximum messages that `send` buffers, whether they are written or not. `send` refuses further messages (SN-23). */
  readonly bufferMessagesMax: number;
  /** Maximum bytes of these messages. */
  readonly bufferBytesMax: number;
}

/** Times fixed by the rules, in milliseconds. A node may shorten them in tests. */
export interface SessionTimes {
  /** After this long without an answer to its close, an end decides the verdict itself (SN-4). */
  readonly closeMs: number;
  /** How long the server keeps a tombstone: the verdict and the nonce of an ended session (SN-4, SN-14). */
  readonly tombstoneMs: number;
  /** A new session that no second carrier confirms within this time ends without effect (SN-14). */
  readonly unconfirmedMs: number;
  /** A session without any carrier for this long ends with `expired`. At least three poll intervals (SN-15). */
  readonly lifeMs: number;
  /** How long a superseded two-way link is still read (SN-10). */
  readonly supersededMs: number;
  /** Deadline for repeating downstream an acknowledgement that the client could not read (SN-6). */
  readonly urgentMs: number;
  /**
   * How long before a token expires the server requests a new one; half of the remaining time if that is later (SN-21).
   */
  readonly renewBeforeMs: number;
  /** Interval at which the request is repeated until a valid token arrives. */
  readonly renewAgainMs: number;
  /** How long a session with an expired token stays suspended before it ends with `expired` (SN-21). */
  readonly suspendedMs: number;
  /** How long the handlers of a frozen session have to settle. After that the session ends with `lost` (SN-24). */
  readonly freezeMs: number;
  /** How long a handed-over snapshot may stay unconfirmed. After that the session ends with `lost` (SN-24). */
  readonly handOverMs: number;
}

const window: Window = { messages: 256, bytes: 1_048_576 };

/** Default limits of a session. */
export const sessionLimits: SessionLimits = {
  messageBytesMax: 65_536,
  batchMessagesMax: 256,
  batchBytesMax: 262_144,
  up: window,
  down: window,
  heartbeatMs: 15_000,
  heartbeatHiddenMs: 45_000,
};

/** Default buffer limits of one end. */
export const bufferLimits: BufferLimits = { bufferMessagesMax: 4096, bufferBytesMax: 4_194_304 };

/** Default of `SessionTimes.CLOSE_MS`, and the only value that clients use. */
export const CLOSE_MS = 8000;
/** Default of `SessionTimes.SUPERSEDED_MS`, and the only value that clients use. */
export const SUPERSEDED_MS = 2000;

/** Default times of a session, in milliseconds. */
export const sessionTimes: SessionTimes = {
  closeMs: CLOSE_MS,
  tombstoneMs: 60_000,
  unconfirmedMs: 10_000,
  lifeMs: 90_000,
  supersededMs: SUPERSEDED_MS,
  urgentMs: 50,
  renewBeforeMs: 60_000,
  renewAgainMs: 5000,
  suspendedMs: 60_000,
  freezeMs: 5000,
  handOverMs: 10_000,
};

/**
 * Limit of the early messages of an `open`, so that a stranger's `open` stays cheap (SN-14). No `up` window may be
 * smaller.
 */
export const earlyWindow: Window = { messages: 16, bytes: 16_384 };

/** Features of this version beyond the first, as named in `open` and `opened` (SN-19): `typed` (SN-31). */
export const FEATURES = 'typed';

/** Maximum messages in one `MessageBatch`: more than one slab of the server holds at any useful message length. */
export const BATCH_BUFFER_MESSAGES_MAX = 1024;

/**
 * Maximum spare queue chunks of 0.3 kB kept for reuse by all sessions. Further chunks are left to the garbage
 * collector.
 */
export const SPARE_CHUNKS_MAX = 4096;

/** Maximum superseded two-way links of a session that are still read (SN-10). Only a client that loops exceeds it. */
export const SUPERSEDED_LINKS_MAX = 4;

/**
 * Assumed minimum upload rate (32 kB/s). Extends a body's timeout by its size, so that a slow path is not filled with
 * retries.
 */
export const SLOWEST_UPLOAD_BYTES_PER_MS = 32;

/** Shortest pause between two polls that are not held, in milliseconds (SN-34). Used while there is traffic. */
export const SHORT_POLL_LEAST_MS = 500;

/** Longest poll pause in milliseconds that a server honours. It keeps such a session alive for three pauses. */
export const SHORT_POLL_MOST_MS = 300_000;

/** A transport that carried the session this long (ms), with some useful traffic, is considered proven (SN-12). */
export const PROVEN_LIFE_MS = 2000;

/** Longest wait in milliseconds for the prelude of a stream whose response has begun (SN-13). */
export const PRELUDE_MAX_MS = 5000;

/** Default retry delay in milliseconds after a temporary refusal that states none (SN-43). */
export const REFUSED_RETRY_MS = 2000;
/** Longest retry delay in milliseconds that a client accepts from a refusal (SN-43). */
export const REFUSED_RETRY_MAX_MS = 60_000;

/** Bytes of padding in a probe: enough to expose a path that passes only small frames (SN-10). */
export const PROBE_BYTES = 2048;
