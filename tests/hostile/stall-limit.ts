/**
 * The maximum processor time in milliseconds of one tick of the event loop, during which no other client is served. In
 * time of the reference machine, see `measureStalls`, because the same work takes half as long again when other
 * programs use the same caches.
 */
export const STALL_MS_MAX = 100;
