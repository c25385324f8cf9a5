import type { Database } from '../database/database.js';
import { openDatabase } from '../database/open-database.js';
import { DEFAULT_SQLITE_STORE_LIMITS } from '../limits.js';
import { checkVersion } from '../migrate.js';
import { MIGRATIONS } from '../schema.js';
import { asStoreFileError, StoreFileError } from '../store-file-error.js';
import { type Damage, tableDamage } from './damage.js';
import { DamageLog, isDamageError } from './damage-log.js';
import { scanForDamage } from './damage-scan.js';
import { readLostMessages } from './lost-messages.js';
import { describeFailure } from './scan-failure.js';
import { scanTables } from './scan-tables.js';

/**
 * Checks the whole store `file` for damage, whether a server runs or not; returns at most 1,000 damaged parts. Reads in
 * short steps, so that a server can empty the write-ahead log meanwhile. A store with an older schema has no checksums
 * of messages; there, this function checks only the tables.
 *
 * Throws `StoreFileError` if the file cannot be opened as a store.
 */
export function checkSqliteStore({ file }: { readonly file: string }): readonly Damage[] {
  const limits = DEFAULT_SQLITE_STORE_LIMITS;
  let book = new DamageLog(() => undefined);
  const note = (damage: Damage): void => book.note(damage);
  let database: Database | null = null;
  try {
    database = openDatabase(file, { readonly: true, fileMustExist: true, timeout: limits.busyTimeoutMs });
    const version = checkVersion(database, file, MIGRATIONS);
    if (version === 0) throw new StoreFileError('store_foreign', file, `${file} is not a store.`);
    const { damageCheckRowsAtOnce: rowsAtOnce, damageCheckTableRowsMax: tableRowsMax } = limits;
    const isLatest = version === MIGRATIONS.at(-1)?.version;
    if (isLatest) book = new DamageLog(() => undefined, readLostMessages(database));
    const scan = isLatest
      ? scanForDamage(database, limits, note)
      : scanTables({ database, rowsAtOnce, tableRowsMax, note });
    for (const _step of scan);
  } catch (error) {
    if (database === null || !isDamageError(error)) throw asStoreFileError(file, error);
    note(tableDamage('unreadable', null, describeFailure(error)));
  } finally {
    database?.close();
  }
  return book.found;
}
