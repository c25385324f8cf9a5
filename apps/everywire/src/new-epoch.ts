import { forgetPostgresPlace } from '@everywire/store-postgres';
import { describeDatabase } from './open-postgres.js';
import { ConfigError, readConfig } from './read-config.js';
import { startErrorLine } from './start-error.js';

/**
 * Runs `everywire new-epoch`: gives the data of `EVERYWIRE_POSTGRES` a new epoch (id of its history), also while servers
 * run. For a database that was put back together with the data directory of its server, so that no server can notice.
 *
 * @returns the exit code: 0 for success, 1 for failure
 */
export async function runNewEpochCommand(): Promise<number> {
  try {
    const url = readConfig(process.env).EVERYWIRE_POSTGRES;
    if (url === '') throw new ConfigError('EVERYWIRE_POSTGRES is not set. everywire new-epoch is only for PostgreSQL.');
    await forgetPostgresPlace(url);
    process.stdout.write(
      `All clients of ${describeDatabase(url)} load again: now where a server runs, otherwise at its start.\n`,
    );
    return 0;
  } catch (error) {
    process.stderr.write(`${startErrorLine(error, { port: 0, host: '' }) ?? String(error)}\n`);
    return 1;
  }
}
