/** Failures in a row without proven life before a transport is passed over: one may be chance, two are a pattern (SN-12). */
export const strikesMax = 2;

/** First wait, in milliseconds, before a passed-over transport is probed behind the one in use; doubles with each failure. */
export const upgradeFirstMs = 2000;

/** The same for streams that were found buffered: the probe holds messages up, and what buffers is seldom gone soon. */
export const bufferedFirstMs = 15_000;

/** Longest wait, in milliseconds, between two such probes: a network may have changed without telling. */
export const upgradeMaxMs = 300_000;

/**
 * What won on a network is remembered this long, in milliseconds (SN-14): a working day meets it several times, and a network
 * that was repaired is not distrusted for longer.
 */
export const rememberedMs = 3_600_000;

/**
 * Milliseconds after which a second transport is raced against a WebSocket that has not attached (SN-14): about what a connect
 * takes where nothing is known; half as much again as it took on this network before, and 50 ms, between these two bounds.
 */
export const hedgeDefaultMs = 500;
export const hedgeLeastMs = 150;
export const hedgeMostMs = 2000;

/** Units of text a page that goes leaves behind in one request: browsers take 64 kB in all from such pages. */
export const farewellUnitsMax = 60_000;

/** A timer that fires later than this, in milliseconds by the wall clock, means that the device slept (SN-15). */
export const sleptMs = 3000;

/** The same for a hidden page, whose timers a browser may let ring once a minute. */
export const sleptHiddenMs = 90_000;

/** How often, in milliseconds, a page that is shown looks whether the device slept: a person opens the lid and goes on. */
export const lookForSleepMs = 2000;

/** A measurement that found the same, in milliseconds after the one that `status` has: only then is its time worth a new status. */
export const measuredEveryMs = 10_000;

/** Attempts kept for `status`: what a person can read under "Why?". */
export const attemptsMax = 20;
/** Characters of what is said of failures in an attach (SN-48). */
export const triedUnitsMax = 200;

/** Pause between two short polls, in milliseconds, while nothing is said and the application names none. */
export const shortPollMs = 2000;

/** A wait for the next try that is shorter, in milliseconds, is not worth a state of its own. */
export const waitingLeastMs = 2000;

/** Room, in bytes, that a control record may take in a frame or a line where only the length of messages was agreed. */
export const recordBytesMax = 8192;

/** Frames one message may come in: a sender may split as it likes (RFC 6455 §5.4), beyond this it is an attack. */
export const fragmentsMax = 1024;

/** Requests of one session under way at once, each way (SN-31): the server's own default. */
export const requestsMax = 64;

/** Milliseconds a request waits for its reply where the caller names no time. */
export const requestTimeoutMs = 30_000;

/** Milliseconds a closed socket is kept for the other side's half of the closing handshake. */
export const closeLingerMs = 2000;

/** Waits, in milliseconds, before the second stage is asked for again when it could not be loaded: the first, and the longest. */
export const moduleRetryFirstMs = 500;
export const moduleRetryMaxMs = 30_000;
