/** Consecutive failures without proof before a transport is demoted: one may be chance, two are a pattern (SN-12). */
export const strikesMax = 2;

/** First wait, in milliseconds, before a demoted transport is probed while another is in use. Doubles with each failure. */
export const upgradeFirstMs = 2000;

/** First wait for buffered streams, in milliseconds: a probe delays messages, and buffering seldom ends soon. */
export const bufferedFirstMs = 15_000;

/** Longest wait between two such probes, in milliseconds, because a network may change without notice. */
export const upgradeMaxMs = 300_000;

/**
 * Time for which the transport that worked on a network is remembered, in milliseconds (SN-14): long enough to be used several
 * times a day, short enough that a repaired network is soon trusted again.
 */
export const rememberedMs = 3_600_000;

/**
 * Milliseconds after which a second transport is raced against a WebSocket that has not attached (SN-14): by default about the
 * duration of a connect; otherwise 1.5 times its duration on this network before plus 50 ms, within the two bounds.
 */
export const raceDelayDefaultMs = 500;
/** Lower bound of that wait, in milliseconds. */
export const raceDelayMinMs = 150;
/** Upper bound of that wait, in milliseconds. */
export const raceDelayMaxMs = 2000;

/** Maximum UTF-16 units of a final body in one request. Browsers accept 64 kB in total from a page that is being closed. */
export const finalBodyUnitsMax = 60_000;

/** A timer that fires later than this, in milliseconds by the wall clock, means that the device slept (SN-15). */
export const sleptMs = 3000;

/** The same for a hidden page, whose timers a browser may fire only once a minute. */
export const sleptHiddenMs = 90_000;

/** Interval in milliseconds at which a visible page checks whether the device slept. */
export const lookForSleepMs = 2000;

/** Minimum milliseconds between two changes of `status` for an unchanged round trip. */
export const measuredEveryMs = 10_000;

/** Maximum attempts kept for `status`, shown under "Why?". */
export const attemptsMax = 20;
/** Maximum characters of the failures stated in an attach (SN-48). */
export const triedUnitsMax = 200;

/** Default pause between two idle short polls, in milliseconds. */
export const shortPollMs = 2000;

/** Waits for the next attempt that are shorter, in milliseconds, do not change the state to `waiting`. */
export const waitingLeastMs = 2000;

/** Allowance in bytes for a control record in a frame or line, in addition to the agreed message size. */
export const recordBytesMax = 8192;

/** Maximum frames per message. A sender may split freely (RFC 6455 §5.4); more than this is an attack. */
export const fragmentsMax = 1024;

/** Maximum requests of one session in flight, in each direction (SN-31). The server's default. */
export const requestsMax = 64;

/** Default time a request waits for its reply, in milliseconds. */
export const requestTimeoutMs = 30_000;

/** Time that a closed socket waits for the peer's half of the closing handshake, in milliseconds. */
export const closeLingerMs = 2000;

/** First wait before the second stage is loaded again after a failure, in milliseconds. */
export const moduleRetryFirstMs = 500;
/** Longest such wait, in milliseconds. */
export const moduleRetryMaxMs = 30_000;
