import { statSync } from 'node:fs';
import { openDatabase } from './database/open-database.js';
import { isEmptyDatabase } from './migrate.js';

/**
 * Whether there is anything at `file` that a new store must not be put in the place of: a store, also one of which all is in the write-ahead
 * log yet, another program's database, or what cannot be read. False where there is no file, an empty one, or a database in which nothing
 * was ever made, as the loss of its log leaves a young store. Changes neither the database nor its log.
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
    return true; // Not a database, in use, or out of reach: opening the store says which.
  }
}

/** 0 where there is no file, or where the path cannot be one. */
function sizeOf(file: string): number {
  try {
    return statSync(file).size;
  } catch {
    return 0;
  }
}
