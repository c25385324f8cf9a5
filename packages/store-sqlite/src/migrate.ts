import { constants, copyFileSync, renameSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { APPLICATION_ID } from './connection.js';
import type { Database } from './database/database.js';
import { inTransaction } from './database/transaction.js';
import { createPrivateFile, syncDirectory, syncFile } from './private-file.js';
import { StoreFileError } from './store-file-error.js';

/** A step of the schema. Steps are numbered from 1 without gaps; a released step is never edited. */
export interface Migration {
  readonly version: number;
  /** Runs inside the step's transaction; if it throws, the store stays at the previous version. */
  readonly apply: (database: Database) => void;
}

/** The schema change that opening made; `backup` is the copy made before an existing store was changed. */
export interface MigrationOutcome {
  readonly from: number;
  readonly to: number;
  readonly backup: string | null;
}

/**
 * Migrates the schema of an open, locked store to the last of `migrations`.
 *
 * The version is `user_version` in the file's header and changes in the same transaction as the step. Before a
 * non-empty store is changed, a durable copy is made next to it (`file.before-v<version>`).
 *
 * Throws `store_newer`, `store_foreign`, or errors of the disk.
 */
export function migrate(database: Database, file: string, migrations: readonly Migration[]): MigrationOutcome {
  const latest = migrations.at(-1)?.version ?? 0;
  const from = checkVersion(database, file, migrations);
  if (from === latest) return { from, to: latest, backup: null };
  const backup = from === 0 ? null : backUp(database, file, latest);
  for (const step of migrations.filter((migration) => migration.version > from)) applyStep(database, step);
  return { from, to: latest, backup };
}

/** Returns the schema version of a store, 0 for an empty file. Throws `store_newer` or `store_foreign`. */
export function checkVersion(database: Database, file: string, migrations: readonly Migration[]): number {
  const latest = migrations.at(-1)?.version ?? 0;
  const version = Number(database.pragma('user_version', { simple: true }));
  const application = Number(database.pragma('application_id', { simple: true }));
  if (!isEmptyDatabase(database) && application !== APPLICATION_ID) {
    throw new StoreFileError('store_foreign', file, `${file} is a database of another program. Choose another file.`);
  }
  if (version > latest) {
    const versions = `it has schema ${version}, this program knows up to ${latest}`;
    const remedy = 'Run the newer version, or restore the backup made before that one migrated it.';
    throw new StoreFileError(
      'store_newer',
      file,
      `The store ${file} was written by a newer version (${versions}). ${remedy}`,
    );
  }
  return version;
}

/** Returns whether a database was never written, by this program or another. */
export function isEmptyDatabase(database: Database): boolean {
  return ['user_version', 'schema_version'].every((name) => Number(database.pragma(name, { simple: true })) === 0);
}

function applyStep(database: Database, step: Migration): void {
  // Foreign keys cannot be switched inside a transaction, and rebuilding a table must not cascade from the old one.
  database.pragma('foreign_keys = OFF');
  try {
    const apply = (): void => {
      step.apply(database);
      database.pragma(`application_id = ${APPLICATION_ID}`);
      database.pragma(`user_version = ${step.version}`);
      const broken = database.pragma('foreign_key_check') as readonly unknown[];
      if (broken.length > 0) throw new Error(`schema ${step.version}: ${broken.length} rows refer to missing rows`);
    };
    inTransaction(database, apply, 'EXCLUSIVE');
  } finally {
    database.pragma('foreign_keys = ON');
  }
}

/** Makes a plain copy: the store is locked, and with an empty log the one file is complete. */
function backUp(database: Database, file: string, latest: number): string {
  const [result] = database.pragma('wal_checkpoint(TRUNCATE)') as ReadonlyArray<{ readonly busy: number }>;
  if (result?.busy !== 0) {
    throw new StoreFileError(
      'store_in_use',
      file,
      `The store ${file} is being read by another program. Close that one first.`,
    );
  }
  const backup = `${file}.before-v${latest}`;
  const unfinished = `${backup}.unfinished`;
  try {
    createPrivateFile(unfinished);
    copyFileSync(file, unfinished, constants.COPYFILE_FICLONE);
    createPrivateFile(unfinished); // The copy took over the permissions of the file as well.
    syncFile(unfinished);
    renameSync(unfinished, backup);
  } catch (error) {
    rmSync(unfinished, { force: true });
    throw error;
  }
  syncDirectory(dirname(file));
  return backup;
}
