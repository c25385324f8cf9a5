/** Returns a WAV file of silence, in seconds. */
export function silence(seconds?: number): Buffer;
