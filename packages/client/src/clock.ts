/** The clock of every session, in milliseconds; it never jumps. */
export const now = (): number => performance.now();
