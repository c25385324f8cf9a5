import { constants, copyFileSync, existsSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { openConnection } from './connection.js';
import type { Database } from './database/database.js';
import { inTransaction } from './database/transaction.js';
import { DEFAULT_SQLITE_STORE_LIMITS } from './limits.js';
import { checkVersion } from './migrate.js';
import { createPrivateFile, syncDirectory, syncFile } from './private-file.js';
import { MIGRATIONS } from './schema.js';
import { asStoreFileError, StoreFileError } from './store-file-error.js';

export interface RestoreOptions {
  readonly backup: string;
  readonly file: string;
  /** Default: false. */
  readonly keepSignIns?: boolean;
  /** Milliseconds since the epoch. Default: now. */
  readonly now?: number;
}

/**
 * Makes a new store at `file` from a backup, under a new epoch, so that clients notice that history went another way
 * (CH-26). A plain copy of a backup would keep the epoch. The backup stays as it is, and its schema is brought up to date
 * when the store is opened.
 *
 * What was revoked since the backup would work again, so sign-ins, links (those to groups and channels too), recovery codes and the tokens that host applications signed
 * until `now` end, in the new store alone; people sign in again by their passwords. `keepSignIns` keeps them all.
 *
 * Throws what `checkRestoreTarget` throws, and `store_foreign` for a backup that is no store or holds SQL of somebody else. Until all is done and durable the copy is `file.unfinished`.
 */
export function restoreSqliteStore({ backup, file, keepSignIns = false, now = Date.now() }: RestoreOptions): void {
  checkRestoreTarget(file);
  const unfinished = `${file}.unfinished`;
  try {
    // A restore that was killed leaves a log, which SQLite would read into this copy.
    removeDatabase(unfinished);
    createPrivateFile(unfinished);
    copyFileSync(backup, unfinished, constants.COPYFILE_FICLONE);
    createPrivateFile(unfinished); // The copy took over the permissions of the backup as well.
    renew(unfinished, keepSignIns ? null : now);
    syncFile(unfinished);
    renameSync(unfinished, file);
    syncDirectory(dirname(file));
  } catch (error) {
    removeDatabase(unfinished);
    throw asStoreFileError(backup, error);
  }
}

/**
 * Throws `store_exists` when there is a store at `file` already, which a restore never overwrites, or the log of one: SQLite knows a log by its name
 * alone, and would write what it holds over the restored store.
 */
export function checkRestoreTarget(file: string): void {
  const log = ['-wal', '-journal'].map((side) => file + side).find((path) => sizeOf(path) > 0);
  if (!existsSync(file) && log === undefined) return;
  const what = existsSync(file) ? `a store at ${file}` : `the log of a lost store at ${log}`;
  throw new StoreFileError('store_exists', file, `There is ${what}. Move ${dirname(file)} away before you restore.`);
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}

function removeDatabase(file: string): void {
  for (const side of ['', '-wal', '-shm', '-journal']) rmSync(`${file}${side}`, { force: true });
}

/** `signedOutAt`: when all sign-ins end, milliseconds since the epoch; `null` keeps them. */
function renew(file: string, signedOutAt: number | null): void {
  const database = openConnection(file, DEFAULT_SQLITE_STORE_LIMITS, 'inline');
  try {
    if (checkVersion(database, file, MIGRATIONS) === 0) {
      throw new StoreFileError('store_foreign', file, 'The backup is empty; it is not a store.');
    }
    refuseForeignSql(database, file);
    inTransaction(database, () => {
      database.exec('UPDATE store SET epoch = lower(hex(randomblob(8)))');
      if (signedOutAt !== null) endSignIns(database, signedOutAt);
    });
  } finally {
    database.close(); // The last connection moves the log into the file and removes it.
  }
}

/** In a crafted backup a trigger or a view could undo what a restore ends, or make an administrator of whoever registers, and nobody would see it. */
function refuseForeignSql(database: Database, file: string): void {
  const found = database.prepare("SELECT 1 FROM sqlite_schema WHERE type IN ('trigger', 'view')").get();
  if (found === undefined) return;
  const what = 'The backup has triggers or views, which no version of this program makes';
  throw new StoreFileError('store_foreign', file, `${what}: somebody else has changed it. Take another backup.`);
}

function endSignIns(database: Database, signedOutAt: number): void {
  const find = database.prepare<[string]>("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?");
  // A backup of an older version gets the rest of the tables when it is opened, without a row.
  const hasTable = (name: string): boolean => find.get(name) !== undefined;
  for (const table of ['credential', 'link', 'recovery_code', 'invite'].filter(hasTable))
    database.exec(`DELETE FROM ${table}`);
  if (!hasTable('link')) return;
  database.prepare('UPDATE account SET signed_out_at = max(signed_out_at, ?)').run(signedOutAt);
}
