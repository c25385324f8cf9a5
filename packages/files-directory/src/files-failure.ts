import { FilesError } from '@everywire/chat';

const fullCodes: readonly string[] = ['ENOSPC', 'EDQUOT', 'EFBIG'];

/** The port's words for what the system said. */
export function asFilesError(cause: unknown): FilesError {
  if (cause instanceof FilesError) return cause;
  const reason = cause instanceof Error ? cause.message : String(cause);
  if (fullCodes.includes(errorCode(cause))) return new FilesError('full', `The disk is full: ${reason}`, { cause });
  return new FilesError('busy', `The files could not be reached: ${reason}`, { cause });
}

/** What the system calls an error, or nothing. */
export function errorCode(error: unknown): string {
  if (typeof error !== 'object' || error === null || !('code' in error)) return '';
  return typeof error.code === 'string' ? error.code : '';
}
