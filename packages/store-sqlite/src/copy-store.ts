import { renameSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { openDatabase } from './database/open-database.js';
import { DEFAULT_SQLITE_STORE_LIMITS } from './limits.js';
import { checkVersion } from './migrate.js';
import { createPrivateFile, syncDirectory, syncFile } from './private-file.js';
import { MIGRATIONS } from './schema.js';
import { asStoreFileError, StoreFileError } from './store-file-error.js';

/**
 * Writes a consistent copy of the store `file` to `backup`, even while another process writes to the store. The copy is
 * one read transaction, which blocks only the caller (`SqliteStore.backUp` runs it in a thread). Meanwhile the
 * write-ahead log cannot be emptied, so the disk needs room for the copy and for all concurrent writes.
 *
 * Throws `StoreFileError`: `store_exists` if `backup` exists. Until everything is durable, the copy is named
 * `backup.unfinished`.
 */
export function copySqliteStore({ file, backup }: { readonly file: string; readonly backup: string }): void {
  const unfinished = `${backup}.unfinished`;
  try {
    const database = openDatabase(file, {
      readonly: true,
      fileMustExist: true,
      timeout: DEFAULT_SQLITE_STORE_LIMITS.busyTimeoutMs,
    });
    try {
      if (checkVersion(database, file, MIGRATIONS) === 0)
        throw new StoreFileError('store_foreign', file, `${file} is not a store.`);
      rmSync(unfinished, { force: true });
      createPrivateFile(unfinished);
      database.prepare('VACUUM INTO ?').run(unfinished);
    } finally {
      database.close();
    }
    syncFile(unfinished);
    renameSync(unfinished, backup);
    syncDirectory(dirname(backup));
  } catch (error) {
    rmSync(unfinished, { force: true });
    throw asStoreFileError(file, error);
  }
}
