import { recordBytesMax } from '../limits.js';

/** Longest line of text for messages of so many bytes: base64 and escapes make a message longer, and its line must still fit. */
export function lineUnitsMax(messageBytesMax: number): number {
  return messageBytesMax * 6 + recordBytesMax;
}
