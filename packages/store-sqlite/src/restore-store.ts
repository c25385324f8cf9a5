import { constants, copyFileSync, existsSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { OWN_SETTINGS } from '@everywire/chat/internal';
import { openConnection } from './connection.js';
import type { Database } from './database/database.js';
import { openDatabase } from './database/open-database.js';
import { inTransaction } from './database/transaction.js';
import { DEFAULT_SQLITE_STORE_LIMITS } from './limits.js';
import { checkVersion, migrate } from './migrate.js';
import { createPrivateFile, syncDirectory, syncFile } from './private-file.js';
import { MIGRATIONS } from './schema.js';
import { asStoreFileError, StoreFileError } from './store-file-error.js';

/** Options of `restoreSqliteStore`. */
export interface RestoreOptions {
  readonly backup: string;
  readonly file: string;
  /** Default: false. */
  readonly keepSignIns?: boolean;
  /** Milliseconds since the epoch. Default: now. */
  readonly now?: number;
}

/**
 * Creates a store at `file` from a backup, under a new epoch, so that clients detect the other history (CH-26); a plain
 * copy would keep the epoch. The backup is not changed; the schema is migrated when the store is opened.
 *
 * Anything revoked since the backup would be valid again. So the new store ends sign-ins, links (also those to groups
 * and channels), recovery codes and the tokens that host applications signed until `now`; users sign in again by
 * password. `keepSignIns` keeps them all.
 *
 * Throws what `checkRestoreTarget` throws, and `store_foreign` for a backup that is not a store or contains foreign
 * SQL. Until everything is durable, the copy is named `file.unfinished`.
 */
export function restoreSqliteStore({ backup, file, keepSignIns = false, now = Date.now() }: RestoreOptions): void {
  checkRestoreTarget(file);
  const unfinished = `${file}.unfinished`;
  try {
    // A killed restore leaves a log, which SQLite would read into this copy.
    removeDatabase(unfinished);
    createPrivateFile(unfinished);
    copyFileSync(backup, unfinished, constants.COPYFILE_FICLONE);
    createPrivateFile(unfinished); // The copy has the permissions of the backup.
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
 * Throws `store_exists` if `file` is a store, which a restore never overwrites, or has a log: SQLite finds a log by
 * name only, and would write it into the restored store.
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

/** Renews the epoch. `signedOutAt` is when all sign-ins end, milliseconds since the epoch; `null` keeps them. */
function renew(file: string, signedOutAt: number | null): void {
  const database = openConnection(file, DEFAULT_SQLITE_STORE_LIMITS, 'inline');
  try {
    const version = checkVersion(database, file, MIGRATIONS);
    if (version === 0) throw new StoreFileError('store_foreign', file, 'The backup is empty; it is not a store.');
    refuseForeignSql(database, file, version);
    inTransaction(database, () => {
      database.exec('UPDATE store SET epoch = lower(hex(randomblob(8)))');
      if (hasTable(database, 'setting'))
        for (const name of OWN_SETTINGS) database.prepare('DELETE FROM setting WHERE name = ?').run(name);
      if (signedOutAt !== null) endSignIns(database, signedOutAt);
    });
  } finally {
    database.close(); // The last connection moves the log into the file and removes it.
  }
}

/**
 * Rejects foreign SQL: in a crafted backup, a trigger, a view or a default of a column could undo revocations, make new
 * users administrators or confirm their addresses, unnoticed. So every statement of the schema must be one that the
 * steps up to this version make.
 */
function refuseForeignSql(database: Database, file: string, version: number): void {
  const own = openDatabase(':memory:');
  try {
    migrate(
      own,
      ':memory:',
      MIGRATIONS.filter((step) => step.version <= version),
    );
    const [found, known] = [new Set(schemaOf(database)), new Set(schemaOf(own))];
    const different = [...found].find((each) => !known.has(each)) ?? [...known].find((each) => !found.has(each));
    if (different === undefined) return;
    const what = `The backup has other SQL than this program makes (${different.slice(0, SHOWN_MAX)})`;
    throw new StoreFileError('store_foreign', file, `${what}: another program has changed it. Use another backup.`);
  } finally {
    own.close();
  }
}

const SHOWN_MAX = 100;

/** Returns one text for each entry of the schema, without the statistics that SQLite adds. */
function schemaOf(database: Database): readonly string[] {
  return database
    .prepare<[], string>(
      `SELECT concat_ws(' ', type, name, tbl_name, sql) FROM sqlite_schema
       WHERE NOT (type = 'table' AND name IN ('sqlite_stat1', 'sqlite_stat4'))`,
    )
    .pluck()
    .all();
}

function endSignIns(database: Database, signedOutAt: number): void {
  for (const table of ['credential', 'link', 'recovery_code', 'invite'])
    if (hasTable(database, table)) database.exec(`DELETE FROM ${table}`);
  if (!hasTable(database, 'link')) return;
  database.prepare('UPDATE account SET signed_out_at = max(signed_out_at, ?)').run(signedOutAt);
}

/** A backup of an older version gets the missing tables, without rows, when it is opened. */
function hasTable(database: Database, name: string): boolean {
  return database.prepare("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?").get(name) !== undefined;
}
