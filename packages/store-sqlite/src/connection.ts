import type { Database } from './database/database.js';
import { openDatabase } from './database/open-database.js';
import type { SqliteStoreLimits } from './limits.js';
import { errorCode } from './store-file-error.js';

/** Identifies our databases: "EVWR" in ASCII, in the header of the file. */
export const APPLICATION_ID = 0x45565752;

/** `PRAGMA synchronous` as SQLite reads it back. */
const SYNCHRONOUS_FULL = 2;

/** SQLite's code for the failure to extend `file-shm`, which connections share. */
const NO_SHARED_MEMORY: readonly string[] = ['SQLITE_IOERR_SHMSIZE', 'SQLITE_FULL'];

/**
 * Where checkpoints run, which copy the write-ahead log into the database: in a thread, or in the writer between
 * commits.
 */
export type CheckpointMode = 'thread' | 'inline';

/**
 * Opens a connection for writing, and sets the options that SQLite keeps per connection and not in the file.
 *
 * FULL is set, and verified, because an SQLite may be compiled with `synchronous=NORMAL` for write-ahead logs, which may
 * lose acknowledged commits in a power cut: a store that cannot guarantee durability does not open.
 */
export function openConnection(
  file: string,
  limits: SqliteStoreLimits,
  checkpoint: CheckpointMode,
  locking: 'shared' | 'alone' = 'shared',
): Database {
  const database = openDatabase(file, { timeout: limits.busyTimeoutMs });
  try {
    // Must be set before the log is first read. Then the index of the log is in the memory of this process.
    if (locking === 'alone') database.pragma('locking_mode = EXCLUSIVE');
    const journal = database.pragma('journal_mode = WAL', { simple: true });
    if (journal !== 'wal')
      throw new Error(`${file}: this file system cannot hold a write-ahead log (got ${String(journal)})`);
    database.pragma('synchronous = FULL');
    const synchronous = database.pragma('synchronous', { simple: true });
    if (synchronous !== SYNCHRONOUS_FULL)
      throw new Error(`${file}: synchronous is ${String(synchronous)}, wanted FULL`);
    database.pragma('foreign_keys = ON');
    // Makes SQLite overwrite deleted content (of recalled and edited messages too) with zeros (decision 0531).
    database.pragma('secure_delete = ON');
    database.pragma('temp_store = MEMORY');
    database.pragma(`cache_size = -${Math.ceil(limits.cacheBytes / 1024)}`);
    database.pragma(`journal_size_limit = ${limits.logBytesKept}`);
    checkpointInline(database, checkpoint === 'inline' ? limits.inlineCheckpointPages : 0);
  } catch (error) {
    database.close();
    throw error;
  }
  return database;
}

/**
 * Opens a connection for writing like `openConnection`. If a full disk has no room for `file-shm`, through which
 * connections share the index of the log, opens an exclusive connection, which does not need this file and can read
 * everything.
 */
export function openSharedOrAlone(
  file: string,
  limits: SqliteStoreLimits,
  checkpoint: CheckpointMode,
): { readonly database: Database; readonly isShared: boolean } {
  try {
    return { database: openConnection(file, limits, checkpoint), isShared: true };
  } catch (error) {
    if (!NO_SHARED_MEMORY.includes(errorCode(error))) throw error;
    return { database: openConnection(file, limits, 'inline', 'alone'), isShared: false };
  }
}

/** Sets after how many pages of log the writer itself runs a checkpoint; 0 leaves this to the checkpoint thread. */
export function checkpointInline(database: Database, pages: number): void {
  database.pragma(`wal_autocheckpoint = ${pages}`);
}
