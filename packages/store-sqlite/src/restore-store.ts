import { constants, copyFileSync, existsSync, renameSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { openConnection } from './connection.js';
import { DEFAULT_SQLITE_STORE_LIMITS } from './limits.js';
import { checkVersion } from './migrate.js';
import { createPrivateFile, syncDirectory, syncFile } from './private-file.js';
import { MIGRATIONS } from './schema.js';
import { asStoreFileError, StoreFileError } from './store-file-error.js';

/**
 * Makes a new store at `file` from a backup, under a new epoch, so that clients notice that history went another way
 * (CH-26). A plain copy of a backup would keep the epoch. The backup stays as it is, and its schema is brought up to date
 * when the store is opened.
 *
 * Throws `store_exists` when there is a store at `file` already: a restore never overwrites one. Until all is done and
 * durable the copy is `file.unfinished`.
 */
export function restoreSqliteStore({ backup, file }: { readonly backup: string; readonly file: string }): void {
  if (existsSync(file)) {
    throw new StoreFileError('store_exists', file, `There is a store at ${file}. Move it away before you restore.`);
  }
  const unfinished = `${file}.unfinished`;
  try {
    createPrivateFile(unfinished);
    copyFileSync(backup, unfinished, constants.COPYFILE_FICLONE);
    createPrivateFile(unfinished); // The copy took over the permissions of the backup as well.
    renewEpoch(unfinished);
    syncFile(unfinished);
    renameSync(unfinished, file);
    syncDirectory(dirname(file));
  } catch (error) {
    for (const side of ['', '-wal', '-shm']) rmSync(`${unfinished}${side}`, { force: true });
    throw asStoreFileError(backup, error);
  }
}

function renewEpoch(file: string): void {
  const database = openConnection(file, DEFAULT_SQLITE_STORE_LIMITS, 'inline');
  try {
    if (checkVersion(database, file, MIGRATIONS) === 0) {
      throw new StoreFileError('store_foreign', file, 'The backup is empty; it is not a store.');
    }
    database.exec('UPDATE store SET epoch = lower(hex(randomblob(8)))');
  } finally {
    database.close(); // The last connection moves the log into the file and removes it.
  }
}
