import type { Database } from './database.js';

/** Runs `change` in a transaction, which is rolled back if it throws. Must not be called within another one. */
export function inTransaction<Result>(
  database: Database,
  change: () => Result,
  kind: 'DEFERRED' | 'EXCLUSIVE' = 'DEFERRED',
): Result {
  database.exec(`BEGIN ${kind}`);
  try {
    const result = change();
    database.exec('COMMIT');
    return result;
  } catch (error) {
    if (database.inTransaction) database.exec('ROLLBACK'); // Some failures have rolled back already.
    throw error;
  }
}
