import { RECORD_BYTES_MAX } from '../limits.js';

/** Returns the maximum line length for messages of this size, including base64 and escapes. */
export function lineUnitsMax(messageBytesMax: number): number {
  return messageBytesMax * 6 + RECORD_BYTES_MAX;
}
