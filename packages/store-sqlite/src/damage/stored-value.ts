import { AlteredRow, isDamageError } from './damage-book.js';

/**
 * Reads what a row holds. Whatever fails in it is damage: this store wrote all that it reads. `what` names the row; nothing of the failure goes into
 * the error, because texts of JSON errors quote what was said.
 */
export function readStored<T>(what: () => string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (isDamageError(error)) throw error;
    throw new AlteredRow(`${what()} is not what was written`);
  }
}

/** For `readStored`: what does not hold of a value that was stored is a failure. */
export function expectStored(holds: boolean): asserts holds {
  if (!holds) throw new TypeError('a stored value of another type');
}

/** JSON that must be an object, and no list. */
export function parseStoredObject(text: string): object {
  const value: unknown = JSON.parse(text);
  expectStored(typeof value === 'object' && value !== null && !Array.isArray(value));
  return value;
}
