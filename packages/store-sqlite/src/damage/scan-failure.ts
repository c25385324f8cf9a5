import { isStorageFailure } from '../store-failure.js';
import { errorCode } from '../store-file-error.js';
import { isDamageError } from './damage-book.js';

/**
 * What is said of a step of a scan that failed: it is damage of the part that the step read, whatever was thrown. SQLite's words are kept; of
 * another failure only its name, because its text may quote what was said. Throws the failure where the storage failed otherwise (a lock, the disk).
 */
export function describeFailedStep(error: unknown): string {
  if (isStorageFailure(error) && !isDamageError(error)) throw error;
  return describeFailure(error);
}

/** SQLite's words, or the name of a failure whose text may quote what was said. */
export function describeFailure(error: unknown): string {
  if (errorCode(error).startsWith('SQLITE_')) return error instanceof Error ? error.message : String(error);
  return error instanceof Error ? error.name : typeof error;
}
