import { createRequire } from 'node:module';
import { StoreFileError } from '../store-file-error.js';
import type { Database, OpenOptions } from './database.js';
import { type NodeSqlite, openNodeDatabase } from './node-database.js';

type BetterSqlite = new (file: string, options: OpenOptions) => Database & { unsafeMode(unsafe: boolean): void };

type Open = (file: string, options: OpenOptions) => Database;

const require = createRequire(import.meta.url);
let opener: Open | null = null;

/**
 * Opens `file` with the SQLite of Node if available (22.16 and later), otherwise with better-sqlite3. The environment
 * variable `EVERYWIRE_SQLITE` selects one (`node`, `better-sqlite3`, or `auto` for the default), for this process and
 * its threads. It is read when the first database is opened.
 *
 * Throws SQLite's errors; `StoreFileError` `store_driver_missing` if there is no SQLite, or not the selected one.
 */
export function openDatabase(file: string, options: OpenOptions = {}): Database {
  opener ??= findOpener(file);
  return opener(file, options);
}

function findOpener(file: string): Open {
  const wanted = process.env['EVERYWIRE_SQLITE'] || 'auto';
  const drivers: readonly string[] = wanted === 'auto' ? ['node', 'better-sqlite3'] : [wanted];
  const found =
    (drivers.includes('node') ? byNode() : null) ?? (drivers.includes('better-sqlite3') ? byBetterSqlite() : null);
  if (found !== null) return found;
  const remedy =
    wanted === 'auto'
      ? `Node ${process.version} has no built-in SQLite. Use Node 24 or later, or install the package better-sqlite3.`
      : `EVERYWIRE_SQLITE is "${wanted}", which is not available with Node ${process.version}; use auto, node or better-sqlite3.`;
  throw new StoreFileError('store_driver_missing', file, `The store needs SQLite. ${remedy}`);
}

function byNode(): Open | null {
  const sqlite = loadNodeSqlite();
  // Added in the same release, 22.16, as the timeouts and array rows used here.
  if (sqlite === undefined || !('backup' in sqlite)) return null;
  return (file, options) => openNodeDatabase(sqlite, file, options);
}

/**
 * Suppresses Node 22's warning that SQLite is experimental: the store's tests run with it, and operators cannot act on
 * it.
 */
function loadNodeSqlite(): NodeSqlite | undefined {
  const warn = process.emitWarning;
  process.emitWarning = () => undefined;
  try {
    return process.getBuiltinModule('node:sqlite') as NodeSqlite | undefined;
  } finally {
    process.emitWarning = warn;
  }
}

function byBetterSqlite(): Open | null {
  let Connection: BetterSqlite;
  try {
    Connection = require('better-sqlite3') as BetterSqlite;
    new Connection(':memory:', {}).close(); // The first connection loads its compiled part.
  } catch {
    return null;
  }
  return (file, options) => {
    const database = new Connection(file, options);
    if (options.unsafe === true) database.unsafeMode(true);
    return database;
  };
}
