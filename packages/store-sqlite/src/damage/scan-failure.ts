import { isStorageFailure } from '../store-failure.js';
import { errorCode } from '../store-file-error.js';
import { isDamageError } from './damage-log.js';

/**
 * Describes the failure of a step of a scan, which counts as damage of the part that the step read. For an error of
 * SQLite, returns its message. For any other error, returns only its name, because its text may quote a message of a
 * user. Rethrows storage failures that are not damage (a lock, the disk).
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
