/**
 * Milliseconds of processor time in one turn of the event loop, in which nobody else is served. They are those of the reference machine, see
 * `measureStalls`: the same work takes half as much again where other programs use the same caches.
 */
export const STALL_MS_MAX = 100;
