import { ACCOUNTS_SCHEMA } from './accounts/accounts-schema.js';
import { ADVISORY_LOCKS } from './database/advisory-locks.js';
import type { Database, Queries } from './database/database.js';
import { PostgresStoreError } from './database/postgres-store-error.js';
import { LOG_SCHEMA } from './log/log-schema.js';
import { SEARCH_SCHEMA } from './search/search-schema.js';

/**
 * The migration steps, in order. The number of a step is the schema version after the step. No step rewrites a large
 * table: see `docs/decisions/0879`.
 */
const STEPS: readonly string[] = [ACCOUNTS_SCHEMA, LOG_SCHEMA, SEARCH_SCHEMA];

/** The schema versions before and after a migration. */
export interface SchemaMigration {
  readonly from: number;
  readonly to: number;
}

/**
 * Migrates the tables to a version, by default the current one. Running nodes continue if the step permits it.
 *
 * @throws PostgresStoreError `store_newer` when the tables have, or are to have, a later version than the current one
 */
export async function migrate(database: Database, version: number = STEPS.length): Promise<SchemaMigration> {
  return database.transaction(async (at) => {
    await at.query('SELECT pg_advisory_xact_lock($1::int8)', [ADVISORY_LOCKS.migrating]);
    await at.query('CREATE TABLE IF NOT EXISTS schema_step (step int4 PRIMARY KEY)');
    const [{ from = 0 } = {}] = await at.query<{ from: number }>(
      'SELECT coalesce(max(step), 0) AS from FROM schema_step',
    );
    const latest = Math.max(from, version);
    if (latest > STEPS.length) throw newerError(latest);
    for (const [index, step] of STEPS.slice(0, version).entries()) {
      if (index < from) continue;
      for (const each of step.split(';')) if (each.trim() !== '') await at.query(each);
      await at.query('INSERT INTO schema_step VALUES ($1::int4)', [index + 1]);
    }
    return { from, to: latest };
  });
}

/**
 * Checks that a database has the tables of the current version; changes nothing.
 *
 * @throws PostgresStoreError `store_newer`, `store_foreign`
 */
export async function requireMigrated(at: Queries): Promise<void> {
  const [{ found = false } = {}] = await at.query<{ found: boolean }>(
    "SELECT to_regclass('schema_step') IS NOT NULL AS found",
  );
  const rows = found ? await at.query<{ step: number | null }>('SELECT max(step) AS step FROM schema_step') : [];
  const version = rows[0]?.step ?? 0;
  if (version > STEPS.length) throw newerError(version);
  if (version < STEPS.length)
    throw new PostgresStoreError(
      'store_foreign',
      'The database does not have the tables of this version of Everywire. A start of the server creates or migrates them.',
    );
}

function newerError(version: number): PostgresStoreError {
  return new PostgresStoreError(
    'store_newer',
    `The tables are of a later version (${version}) than this program (${STEPS.length}). Start the version that was there last.`,
  );
}
