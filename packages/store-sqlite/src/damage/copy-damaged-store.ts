import { renameSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { openConnection } from '../connection.js';
import { copySqliteStore } from '../copy-store.js';
import type { Database } from '../database/database.js';
import { openDatabase } from '../database/open-database.js';
import { DEFAULT_SQLITE_STORE_LIMITS } from '../limits.js';
import { checkVersion, migrate } from '../migrate.js';
import { createPrivateFile, syncDirectory, syncFile } from '../private-file.js';
import { MIGRATIONS } from '../schema.js';
import { asStoreFileError, StoreFileError } from '../store-file-error.js';
import { isDamageError } from './damage-log.js';
import { giveUpLostAccounts, highestAccountGiven } from './lost-accounts.js';
import { remakeLostConversations } from './lost-conversations.js';
import { giveUpDamagedMessages } from './lost-messages.js';
import type { SalvageLosses } from './salvage-losses.js';
import { salvageRows } from './salvage-store.js';

/**
 * Writes the readable part of the damaged store `file` to `backup`: a sound store that records which messages it lacks.
 * Returns what else the copy lacks. A server may be running. Throws `store_corrupt` for a store of an older schema that
 * SQLite cannot copy.
 *
 * Throws `StoreFileError`. Until everything is durable, the copy is named `backup.unfinished`.
 */
export function copyDamagedSqliteStore({
  file,
  backup,
}: {
  readonly file: string;
  readonly backup: string;
}): SalvageLosses {
  const unfinished = `${backup}.unfinished`;
  try {
    const highestAccount = copyWhole(file, unfinished) ? 0 : salvage(file, unfinished);
    const givenUp = giveUp(unfinished, highestAccount);
    syncFile(unfinished);
    renameSync(unfinished, backup);
    syncDirectory(dirname(backup));
    return givenUp;
  } catch (error) {
    for (const side of ['', '-wal', '-shm']) rmSync(`${unfinished}${side}`, { force: true });
    throw asStoreFileError(file, error);
  }
}

/** Makes the copy a sound store. */
function giveUp(unfinished: string, highestAccount: number): SalvageLosses {
  const database = openConnection(unfinished, DEFAULT_SQLITE_STORE_LIMITS, 'inline');
  try {
    if (checkVersion(database, unfinished, MIGRATIONS) !== latestVersion) return { accounts: [], conversations: [] };
    // Conversations come first, because the log of each conversation is read up to its head (last sequence).
    const conversations = remakeLostConversations(database);
    giveUpDamagedMessages(database);
    const accounts = giveUpLostAccounts(database, highestAccount);
    const broken = database.pragma('foreign_key_check') as readonly unknown[];
    if (broken.length > 0) throw new Error(`The copy is not sound: ${broken.length} rows refer to missing rows.`);
    return { accounts, conversations };
  } finally {
    database.close(); // The last connection moves the log into the file and removes it.
  }
}

const latestVersion = MIGRATIONS.at(-1)?.version;

/** Copies the whole store; returns false if SQLite meets damage that it cannot copy. */
function copyWhole(file: string, to: string): boolean {
  rmSync(to, { force: true });
  try {
    copySqliteStore({ file, backup: to });
    return true;
  } catch (error) {
    if (error instanceof StoreFileError && error.code === 'store_corrupt') return false;
    throw error;
  }
}

/** Salvages rows; returns the highest account id ever assigned, 0 if that cannot be read. */
function salvage(file: string, unfinished: string): number {
  rmSync(unfinished, { force: true });
  createPrivateFile(unfinished);
  const timeout = DEFAULT_SQLITE_STORE_LIMITS.busyTimeoutMs;
  const from = openDatabase(file, { readonly: true, fileMustExist: true, timeout });
  try {
    if (checkVersion(from, file, MIGRATIONS) !== latestVersion) {
      throw new StoreFileError('store_corrupt', file, `The store ${file} is damaged. Restore it from a backup.`);
    }
    const to = openConnection(unfinished, DEFAULT_SQLITE_STORE_LIMITS, 'inline');
    try {
      migrate(to, unfinished, MIGRATIONS);
      salvageRows(from, to);
    } finally {
      to.close();
    }
    return readHighestAccount(from);
  } finally {
    from.close();
  }
}

function readHighestAccount(from: Database): number {
  try {
    return highestAccountGiven(from);
  } catch (error) {
    if (isDamageError(error)) return 0;
    throw error;
  }
}
