import { ADVISORY_LOCKS } from '../database/advisory-locks.js';
import type { Database, Queries } from '../database/database.js';
import { PostgresStoreError } from '../database/postgres-store-error.js';

/** A table that exists only while an import or a restore fills the database. It names what the data comes from. */
const SOURCE = 'import_source';

/** Checks that a database has no tables; throws `store_exists` otherwise. */
export async function requireEmpty(at: Queries): Promise<void> {
  const [{ tables = 0 } = {}] = await at.query<{ tables: number }>(
    'SELECT count(*)::int4 AS tables FROM pg_tables WHERE schemaname = ANY (current_schemas(false))',
  );
  if (tables > 0)
    throw new PostgresStoreError('store_exists', 'The database is not empty. Make a new one (CREATE DATABASE).');
}

/**
 * Checks that no import or restore of the database is unfinished.
 *
 * @throws PostgresStoreError `store_incomplete`
 */
export async function requireComplete(at: Queries): Promise<void> {
  if ((await fillingFrom(at)) !== null)
    throw new PostgresStoreError(
      'store_incomplete',
      'Moving or restoring a store to this database has not come to its end. Run everywire migrate again, or begin with an empty database.',
    );
}

/** Returns what an unfinished import or restore fills the database with; `null` if there is none. */
export async function fillingFrom(at: Queries): Promise<string | null> {
  const [{ found = false } = {}] = await at.query<{ found: boolean }>(
    `SELECT to_regclass('${SOURCE}') IS NOT NULL AS found`,
  );
  if (!found) return null;
  const [{ epoch = '' } = {}] = await at.query<{ epoch: string }>(`SELECT epoch FROM ${SOURCE}`);
  return epoch;
}

/** Marks an empty database as being filled, so that no node opens it. @throws PostgresStoreError `store_exists` */
export async function beginFilling(database: Database, source: string): Promise<void> {
  await requireEmpty(database);
  await database.transaction(async (at) => {
    await at.query('SELECT pg_advisory_xact_lock($1::int8)', [ADVISORY_LOCKS.migrating]);
    await at.query(`CREATE TABLE ${SOURCE} (epoch text NOT NULL)`);
    await at.query(`INSERT INTO ${SOURCE} VALUES ($1::text)`, [source]);
  });
}

export async function endFilling(at: Queries): Promise<void> {
  await at.query(`DROP TABLE IF EXISTS ${SOURCE}`);
}
