import { randomWords } from '../random.js';

/** Of one request: nobody has had it before. */
export function randomId(): string {
  return randomWords(3).join('-');
}
