import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { requireEmptyDatabase, restorePostgresStore } from '@everywire/store-postgres';
import { type BackupStore, CommandError } from './backup-store.js';
import { describeDatabase } from './open-postgres.js';

const runFile = promisify(execFile);
const OUTPUT_BYTES_MAX = 1_000_000;
/** Omits permissions and owners, which the restoring server sets. */
const both = ['--no-owner', '--no-privileges'];

/** Backs up and restores a database with PostgreSQL's own programs, which report damage and fail. */
export function createPostgresBackup(url: string): BackupStore {
  return {
    name: describeDatabase(url),
    fileName: 'everywire.dump',
    requireSource: () => undefined,
    copyTo: async (file) => {
      await runProgram('pg_dump', url, [...both, '--format=custom', `--file=${file}`]);
      return { damage: [], lacks: [] };
    },
    requireTarget: () => requireEmptyDatabase(url),
    restoreFrom: async (file, { keepSignIns }) => {
      await runProgram('pg_restore', url, [...both, '--single-transaction', '--exit-on-error', file]);
      await restorePostgresStore({ url, keepSignIns });
      return [];
    },
  };
}

/**
 * Runs a program. The password is passed in the environment, because every user of the machine can see command
 * arguments.
 */
async function runProgram(name: string, url: string, options: readonly string[]): Promise<void> {
  const shown = new URL(url);
  const password = decodeURIComponent(shown.password);
  shown.password = '';
  const env = { ...process.env, ...(password !== '' && { PGPASSWORD: password }) };
  try {
    await runFile(name, [...options, `--dbname=${shown.href}`], { env, maxBuffer: OUTPUT_BYTES_MAX });
  } catch (error) {
    const { code, stderr = '' } = error as { readonly code?: unknown; readonly stderr?: string };
    throw new CommandError(
      code === 'ENOENT'
        ? `${name} was not found. Install the PostgreSQL client programs, of the server's version or later (Debian: apt-get install postgresql-client).`
        : `${name} failed: ${stderr.trim() || String(error)}`,
    );
  }
}
