import type { Queries } from '../database/database.js';
import { PostgresStoreError } from '../database/postgres-store-error.js';

/**
 * Checks the settings of the database. Returns the names of settings of the whole server that are off, and with which a
 * power cut could destroy it.
 *
 * @throws PostgresStoreError when acknowledged commits could be lost, or texts could not be stored unchanged
 */
export async function requireDurable(at: Queries): Promise<readonly string[]> {
  const [settings] = await at.query<{ commits: string; encoding: string; off: readonly string[] }>(
    `SELECT current_setting('synchronous_commit') AS commits, current_setting('server_encoding') AS encoding,
      array(SELECT name FROM pg_settings WHERE name IN ('fsync', 'full_page_writes') AND setting = 'off' ORDER BY name) AS off`,
  );
  if (settings?.commits === 'off')
    throw new PostgresStoreError(
      'store_not_durable',
      'synchronous_commit is off for this database, so a crash would lose what was acknowledged. Set it to on: ALTER DATABASE … SET synchronous_commit = on.',
    );
  if (settings?.encoding !== 'UTF8')
    throw new PostgresStoreError(
      'store_encoding',
      `The database is encoded in ${settings?.encoding}. Make one in UTF8: CREATE DATABASE … ENCODING 'UTF8' TEMPLATE template0.`,
    );
  return settings.off;
}
