import { OWN_SETTINGS } from '@everywire/chat/internal';
import { ADVISORY_LOCKS } from '../database/advisory-locks.js';
import { openDatabase, type Queries } from '../database/database.js';
import { asOpeningError, PostgresStoreError } from '../database/postgres-store-error.js';
import { migrate } from '../schema.js';
import { beginEpoch, forgetPlace } from './data-place.js';
import { beginFilling, endFilling, requireEmpty } from './filling.js';

/** Options of `restorePostgresStore`. */
export interface RestoreOptions {
  /** The address of the database into which the dump was restored. */
  readonly url: string;
  /** Whether sign-ins and links stay valid. Default: false. */
  readonly keepSignIns?: boolean;
  /** The time of the restore, ms since the epoch. Default: now. */
  readonly now?: number;
}

/** The tables with rows that may have been revoked since the backup, and that would become valid again. */
const REVOCABLE = ['credential', 'link', 'recovery_code', 'invite'];

/**
 * Creates the tables of a schema version in an empty database, for the rows of a dump; until `restorePostgresStore`, no
 * node opens it. Returns the names of the tables. The tables are created by this program, and not by the dump, which
 * could contain any SQL.
 *
 * @throws PostgresStoreError `store_exists`; `store_newer` for a version that this program does not know
 */
export async function prepareRestore(url: string, version: number): Promise<readonly string[]> {
  const database = openDatabase({ url, connectionsMax: 1, isPatient: true });
  try {
    await beginFilling(database, 'a backup');
    await migrate(database, version);
    // The rows of these two are in the dump.
    for (const table of ['store', 'schema_step']) await database.query(`DELETE FROM ${table}`);
    const tables = await database.query<{ name: string }>(
      "SELECT tablename::text AS name FROM pg_tables WHERE schemaname = 'public'",
    );
    return tables.map(({ name }) => name);
  } catch (error) {
    throw asOpeningError(error);
  } finally {
    await database.close();
  }
}

/**
 * Turns restored data into a separate store with a new epoch (id of its history), so that clients load it again
 * (CH-26). Ends all sign-ins, links (those of groups and channels too), recovery codes, and tokens that host
 * applications signed before `now`; people sign in again with their passwords. `keepSignIns` keeps them all.
 *
 * @throws PostgresStoreError `store_in_use` when nodes have the database open
 */
export async function restorePostgresStore({
  url,
  keepSignIns = false,
  now = Date.now(),
}: RestoreOptions): Promise<void> {
  const database = openDatabase({ url, connectionsMax: 1, isPatient: true });
  try {
    await migrate(database);
    await database.transaction(async (at) => {
      const [{ alone = false } = {}] = await at.query<{ alone: boolean }>(
        'SELECT pg_try_advisory_xact_lock($1::int8) AS alone',
        [ADVISORY_LOCKS.nodes],
      );
      if (!alone)
        throw new PostgresStoreError('store_in_use', 'Nodes have this database open. Stop them, then restore again.');
      await beginEpoch(at);
      await at.query('UPDATE store SET place = NULL');
      await at.query('DELETE FROM setting WHERE name = ANY($1::text[])', [OWN_SETTINGS]);
      if (!keepSignIns) await endSignIns(at, now);
      await endFilling(at);
    });
  } finally {
    await database.close();
  }
}

/**
 * Makes the nodes give the data a new epoch, so that all clients load again: running nodes within seconds, others at
 * their start. For data that was put back in a way that no node can notice.
 *
 * @throws PostgresStoreError
 */
export async function forgetPostgresPlace(url: string): Promise<void> {
  const database = openDatabase({ url, connectionsMax: 1 });
  try {
    await database.transaction(forgetPlace);
  } catch (error) {
    throw asOpeningError(error);
  } finally {
    await database.close();
  }
}

/**
 * Checks that a database has no tables.
 *
 * @throws PostgresStoreError `store_exists`
 */
export async function requireEmptyDatabase(url: string): Promise<void> {
  const database = openDatabase({ url, connectionsMax: 1 });
  try {
    await requireEmpty(database);
  } catch (error) {
    throw asOpeningError(error);
  } finally {
    await database.close();
  }
}

async function endSignIns(at: Queries, signedOutAt: number): Promise<void> {
  for (const table of REVOCABLE) await at.query(`DELETE FROM ${table}`);
  await at.query('UPDATE account SET signed_out_at = greatest(signed_out_at, $1::int8)', [signedOutAt]);
}
