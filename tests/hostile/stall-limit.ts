/**
 * The most processor time in milliseconds of one tick of the event loop, during which no one else is served. Measured
 * in time of the reference machine, see `measureStalls`: the same work takes half as long again where other programs
 * use the same caches.
 */
export const STALL_MS_MAX = 100;
