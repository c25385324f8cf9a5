/** Consecutive failures after which a transport is demoted, which means that others are preferred to it (SN-12). */
export const STRIKES_MAX = 2;

/**
 * First wait, in milliseconds, before a demoted transport is probed while another is in use. Doubles with each failure.
 */
export const UPGRADE_FIRST_MS = 2000;

/** First wait for buffered streams, in milliseconds: a probe delays messages, and buffering seldom ends soon. */
export const BUFFERED_FIRST_MS = 15_000;

/**
 * Longest wait between two probes of a transport, in milliseconds. Limited, because a network may change without
 * notice.
 */
export const UPGRADE_MAX_MS = 300_000;

/**
 * Time for which the transport that worked on a network is remembered, in milliseconds (SN-14): long enough to be used
 * several times a day, short enough that a repaired network is soon trusted again.
 */
export const REMEMBERED_MS = 3_600_000;

/**
 * Milliseconds after which a second transport is raced against a WebSocket that has not attached (SN-14): by default
 * about the duration of a connect; otherwise 1.5 times its duration on this network before plus 50 ms, within the two
 * bounds.
 */
export const RACE_DELAY_DEFAULT_MS = 500;
/** Lower bound of the wait before a race, in milliseconds. */
export const RACE_DELAY_MIN_MS = 150;
/** Upper bound of the wait before a race, in milliseconds. */
export const RACE_DELAY_MAX_MS = 2000;

/**
 * Maximum UTF-16 units of a final body in one request. Browsers accept 64 kB in total from a page that is being closed.
 */
export const FINAL_BODY_UNITS_MAX = 60_000;

/** A timer that fires later than this, in milliseconds by the wall clock, means that the device slept (SN-15). */
export const SLEPT_MS = 3000;

/** `SLEPT_MS` of a hidden page, whose timers a browser may fire only once a minute. */
export const SLEPT_HIDDEN_MS = 90_000;

/** Interval in milliseconds at which a visible page checks whether the device slept. */
export const LOOK_FOR_SLEEP_MS = 2000;

/** Minimum milliseconds between two changes of `status` that report only a new round-trip time. */
export const MEASURED_EVERY_MS = 10_000;

/** Maximum attempts kept for `status`, shown under "Why?". */
export const ATTEMPTS_MAX = 20;
/** Maximum characters of the failures stated in an attach (SN-48). */
export const TRIED_UNITS_MAX = 200;

/** Default pause between two idle short polls, in milliseconds. */
export const SHORT_POLL_MS = 2000;

/** Shortest wait for the next attempt, in milliseconds, that changes the state to `waiting`. */
export const WAITING_LEAST_MS = 2000;

/** Allowance in bytes for a control record in a frame or line, in addition to the agreed message size. */
export const RECORD_BYTES_MAX = 8192;

/** Maximum frames per message. A sender may split freely (RFC 6455 §5.4); more than this is an attack. */
export const FRAGMENTS_MAX = 1024;

/** Maximum requests of one session in flight, in each direction (SN-31). The server's default. */
export const REQUESTS_MAX = 64;

/** Default time a request waits for its reply, in milliseconds. */
export const REQUEST_TIMEOUT_MS = 30_000;

/** Time that a closed socket waits for the peer's half of the closing handshake, in milliseconds. */
export const CLOSE_LINGER_MS = 2000;

/** First wait before the second stage is loaded again after a failure, in milliseconds. */
export const MODULE_RETRY_FIRST_MS = 500;
/** Longest wait before the second stage is loaded again, in milliseconds. */
export const MODULE_RETRY_MAX_MS = 30_000;
/** Longest time of one `setTimeout`, in milliseconds. A longer one fires at once. */
export const TIMER_MS_MAX = 2_147_483_647;
