import { openDatabase } from './database/open-database.js';
import { createPrivateFile } from './private-file.js';
import { errorCode, StoreFileError } from './store-file-error.js';

/** The lock of an open store. `release` is idempotent. */
export interface StoreLock {
  release(): void;
}

/**
 * Takes the lock of the store at `file`, which must be a resolved path, so that two paths to one file conflict.
 *
 * Node has no file locks, so the lock is an empty database next to the store (`file.lock`) in an exclusive transaction.
 * The kernel releases it when the process ends in any way, so there are no stale locks. The store's own file stays
 * unlocked for tools that read it (a backup, a shell) while the server runs.
 *
 * Throws `store_in_use` if another holder is alive, in this or another process of this machine.
 */
export function takeStoreLock(file: string): StoreLock {
  const lockFile = `${file}.lock`;
  createPrivateFile(lockFile);
  const holder = openDatabase(lockFile, { timeout: 0 });
  try {
    holder.pragma('locking_mode = EXCLUSIVE');
    holder.pragma('journal_mode = MEMORY'); // Nothing is ever written, so no journal is to lie about after a kill.
    holder.exec('BEGIN EXCLUSIVE');
  } catch (cause) {
    holder.close();
    if (!errorCode(cause).startsWith('SQLITE_BUSY')) throw cause;
    throw new StoreFileError(
      'store_in_use',
      file,
      `The store ${file} is open in another process. Stop that one first, or choose another data directory.`,
      cause,
    );
  }
  return { release: () => holder.close() };
}
