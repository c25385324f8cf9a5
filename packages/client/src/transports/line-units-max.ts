import { RECORD_BYTES_MAX } from '../limits.js';

/** Returns the maximum length of a line of JSON, in UTF-16 units. An escaped byte takes up to 6 units (`\u0000`). */
export function lineUnitsMax(messageBytesMax: number): number {
  return messageBytesMax * 6 + RECORD_BYTES_MAX;
}
