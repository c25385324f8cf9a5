import { StoreError } from '@everywire/chat';
import { isDamageError } from './damage/damage-book.js';
import { errorCode } from './store-file-error.js';

/** When a failure came: before COMMIT nothing of the group can be on disk, during it nobody can know. */
export type FailurePhase = 'before' | 'commit';

const FULL_CODES: readonly string[] = ['SQLITE_FULL', 'SQLITE_IOERR_WRITE_ENOSPC'];

/** SQLite's words for trouble beneath the statement: disk, memory, locks of other programs. */
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

/** Whether the storage failed, as against a statement or a rule that refused. */
export function isStorageFailure(error: unknown): boolean {
  if (error instanceof StoreError) return true;
  const code = errorCode(error);
  return FAILURE_PREFIXES.some((prefix) => code.startsWith(prefix));
}

/**
 * The port's words for a failure. `full`: no space, nothing happened. `unknown`: the disk failed while committing; the log may
 * hold the commit although we could not see it through. `damaged`: what is stored cannot be read, nothing happened, and no retry
 * helps. Everything else is `busy`: nothing happened, try again.
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
