import type { Queries } from '../database/database.js';
import { PostgresStoreError } from './postgres-store-error.js';

/**
 * Checks the settings of the database.
 *
 * @throws PostgresStoreError when acknowledged commits could be lost, or texts could not be stored unchanged
 */
export async function requireDurable(at: Queries): Promise<void> {
  const [settings] = await at.query<{ commits: string; encoding: string }>(
    "SELECT current_setting('synchronous_commit') AS commits, current_setting('server_encoding') AS encoding",
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
}
