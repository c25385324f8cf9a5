import { StoreFileError } from '../store-file-error.js';
import type { Database, OpenOptions } from './database.js';
import { type NodeSqlite, openNodeDatabase } from './node-database.js';

let sqlite: NodeSqlite | null = null;

/**
 * Opens `file` with the SQLite of Node.
 *
 * Throws SQLite's errors; `StoreFileError` `store_driver_missing` if this Node has no SQLite, or one before 22.16.
 */
export function openDatabase(file: string, options: OpenOptions = {}): Database {
  sqlite ??= loadNodeSqlite(file);
  return openNodeDatabase(sqlite, file, options);
}

/**
 * Loads the module, without Node 22's warning that SQLite is experimental: the store's tests run with it, and operators
 * cannot act on it.
 */
function loadNodeSqlite(file: string): NodeSqlite {
  const warn = process.emitWarning;
  process.emitWarning = () => undefined;
  try {
    const found = process.getBuiltinModule('node:sqlite') as NodeSqlite | undefined;
    // `backup` was added in the same release, 22.16, as the timeouts and array rows used here.
    if (found !== undefined && 'backup' in found) return found;
  } finally {
    process.emitWarning = warn;
  }
  const remedy = `The store needs the SQLite of Node 22.16 or later; this is Node ${process.version}.`;
  throw new StoreFileError('store_driver_missing', file, remedy);
}
