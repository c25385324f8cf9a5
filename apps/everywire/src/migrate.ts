import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { importPostgresStore } from '@everywire/store-postgres';
import { checkSqliteStore, describeDamage, exportSqliteStore } from '@everywire/store-sqlite';
import { DAMAGED_EXIT_CODE, damageReport } from './check.js';
import { describeDatabase } from './open-postgres.js';
import { ConfigError, readConfig } from './read-config.js';
import { startErrorLine } from './start-error.js';

/**
 * Runs `everywire migrate`: copies the SQLite store of the data directory into the database that `EVERYWIRE_POSTGRES`
 * names, which must be empty or have an interrupted copy of this store. No server may have the store open. The store
 * and the files stay unchanged.
 *
 * @returns the exit code: 0 for success, 1 for failure, 3 for a damaged store
 */
export async function runMigrateCommand(): Promise<number> {
  try {
    const config = readConfig(process.env);
    const url = config.EVERYWIRE_POSTGRES;
    if (url === '') throw new ConfigError('EVERYWIRE_POSTGRES is not set; it names the database to move to.');
    return await moveStore(join(resolve(config.EVERYWIRE_DATA), 'everywire.sqlite'), url);
  } catch (error) {
    process.stderr.write(`${startErrorLine(error, { port: 0, host: '' }) ?? String(error)}\n`);
    return 1;
  }
}

async function moveStore(file: string, url: string): Promise<number> {
  if (!existsSync(file)) throw new ConfigError(`There is no store at ${file}. Set EVERYWIRE_DATA to its directory.`);
  const damage = checkSqliteStore({ file }).map(describeDamage);
  if (damage.length > 0) {
    process.stderr.write(damageReport(file, damage));
    return DAMAGED_EXIT_CODE;
  }
  const source = await exportSqliteStore({ file });
  try {
    await importPostgresStore({
      url,
      source,
      onTable: (table, rows, step) => process.stdout.write(`${step} ${table}: ${rows} rows\n`),
    });
  } finally {
    source.close();
  }
  process.stdout.write(
    `Moved to ${describeDatabase(url)}. Start the server with EVERYWIRE_POSTGRES set. ${file} is unchanged and no longer used.\n`,
  );
  return 0;
}
