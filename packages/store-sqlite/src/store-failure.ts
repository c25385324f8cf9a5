import { StoreError } from '@everywire/chat';
import { isDamageError } from './damage/damage-log.js';
import { errorCode } from './store-file-error.js';

/** When a failure occurred: before COMMIT nothing of the group is on disk, during it that is unknown. */
export type FailurePhase = 'before' | 'commit';

const FULL_CODES: readonly string[] = ['SQLITE_FULL', 'SQLITE_IOERR_WRITE_ENOSPC'];

/** SQLite's codes for failures below the statement: disk, memory, locks of other programs. */
const FAILURE_PREFIXES: readonly string[] = [
  'SQLITE_FULL',
  'SQLITE_IOERR',
  'SQLITE_CORRUPT',
  'SQLITE_NOTADB',
  'SQLITE_NOMEM',
  'SQLITE_READONLY',
  'SQLITE_CANTOPEN',
  'SQLITE_BUSY',
  'SQLITE_LOCKED',
  'SQLITE_PROTOCOL',
];

/** Returns whether the storage failed, as opposed to a statement or a constraint. */
export function isStorageFailure(error: unknown): boolean {
  if (error instanceof StoreError) return true;
  const code = errorCode(error);
  return FAILURE_PREFIXES.some((prefix) => code.startsWith(prefix));
}

/**
 * Maps a failure to a code of the port. `full`: no space, nothing happened. `unknown`: the disk failed while
 * committing; the log may contain the commit. `damaged`: stored data cannot be read, nothing happened, retrying does
 * not help. Anything else is `busy`: nothing happened, retry.
 */
export function asStoreError(cause: unknown, phase: FailurePhase): StoreError {
  if (cause instanceof StoreError) return cause;
  const code = errorCode(cause);
  const reason = cause instanceof Error ? cause.message : String(cause);
  if (FULL_CODES.includes(code)) return new StoreError('full', `The disk is full: ${reason}`, { cause });
  if (phase === 'commit' && code.startsWith('SQLITE_IOERR')) {
    return new StoreError('unknown', `The disk failed during the commit: ${reason}`, { cause });
  }
  if (isDamageError(cause)) return new StoreError('damaged', `The store is damaged: ${reason}`, { cause });
  return new StoreError('busy', `The store could not do this now: ${reason}`, { cause });
}
