import { FilesError } from '@everywire/chat';

/** System errors for a full disk, an exhausted quota and a file that is too large. */
const fullCodes: readonly string[] = ['ENOSPC', 'EDQUOT', 'EFBIG'];

/** Converts an error of the system to a `FilesError`: `full` if there is no space, otherwise `busy`. Returns a `FilesError` unchanged. */
export function asFilesError(cause: unknown): FilesError {
  if (cause instanceof FilesError) return cause;
  const reason = cause instanceof Error ? cause.message : String(cause);
  if (fullCodes.includes(errorCode(cause))) return new FilesError('full', `The disk is full: ${reason}`, { cause });
  return new FilesError('busy', `The files could not be reached: ${reason}`, { cause });
}

/** Returns the system's code of an error, such as `ENOENT`; an empty string if it has none. */
export function errorCode(error: unknown): string {
  if (typeof error !== 'object' || error === null || !('code' in error)) return '';
  return typeof error.code === 'string' ? error.code : '';
}
