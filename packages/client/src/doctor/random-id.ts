import { randomWords } from '../random.js';

/** Returns a unique id for a request. */
export function randomId(): string {
  return randomWords(3).join('-');
}
