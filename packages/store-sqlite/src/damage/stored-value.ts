import { AlteredRow, isDamageError } from './damage-log.js';

/**
 * Parses the content of a row by `read`. Any failure of `read` means damage, because this store wrote everything that
 * it reads. `what` names the row in the error. The error does not contain the failure, because JSON errors quote the
 * text.
 */
export function readStored<T>(what: () => string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (isDamageError(error)) throw error;
    throw new AlteredRow(`${what()} is not what was written`);
  }
}

/** Throws if a condition on a stored value does not hold. To be called in the `read` of `readStored`. */
export function expectStored(holds: boolean): asserts holds {
  if (!holds) throw new TypeError('a stored value of another type');
}

/** Parses JSON that must be an object, not an array. */
export function parseStoredObject(text: string): object {
  const value: unknown = JSON.parse(text);
  expectStored(typeof value === 'object' && value !== null && !Array.isArray(value));
  return value;
}
