/** Returns the time on the monotonic clock of all sessions, in milliseconds. */
export const now = (): number => performance.now();
