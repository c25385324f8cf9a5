import { isStorageFailure } from '../store-failure.js';
import { errorCode } from '../store-file-error.js';
import { isDamageError } from './damage-log.js';

/**
 * Returns the description of a failed step of a scan, which counts as damage of the part that it read. Quotes SQLite's
 * message; of any other failure only the name, because its text may quote a message. Rethrows other storage failures (a
 * lock, the disk).
 */
export function describeFailedStep(error: unknown): string {
  if (isStorageFailure(error) && !isDamageError(error)) throw error;
  return describeFailure(error);
}

/** Returns SQLite's message, or only the name of another failure, whose text may quote a message. */
export function describeFailure(error: unknown): string {
  if (errorCode(error).startsWith('SQLITE_')) return error instanceof Error ? error.message : String(error);
  return error instanceof Error ? error.name : typeof error;
}
