/** So many seconds of it, as a sound. */
export function silence(seconds?: number): Buffer;
