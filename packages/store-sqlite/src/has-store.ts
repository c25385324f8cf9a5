import { statSync } from 'node:fs';
import { openDatabase } from './database/open-database.js';
import { isEmptyDatabase } from './migrate.js';

/**
 * Returns whether `file` contains anything that a new store must not replace: a store (even if all of its content is
 * still in the write-ahead log), the database of another program, or an unreadable file. Returns `false` if there is no
 * file, if it is empty, or if it is a database that was never written, such as a new store that lost its log. Changes
 * neither the database nor its log.
 */
export function hasSqliteStore(file: string): boolean {
  if (sizeOf(file) === 0) return false;
  try {
    const database = openDatabase(file, { readonly: true, fileMustExist: true, timeout: 0 });
    try {
      return !isEmptyDatabase(database);
    } finally {
      database.close();
    }
  } catch {
    return true; // Not a database, in use, or inaccessible: opening the store reports which.
  }
}

/** Returns the size of a file; 0 if it does not exist or the path is invalid. */
function sizeOf(file: string): number {
  try {
    return statSync(file).size;
  } catch {
    return 0;
  }
}
