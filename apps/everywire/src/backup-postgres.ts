import { type ChildProcess, type StdioOptions, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Readable, Writable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import {
  prepareRestore,
  requireEmptyDatabase,
  requireUsableUrl,
  restorePostgresStore,
} from '@everywire/store-postgres';
import { type BackupStore, CommandError } from './backup-store.js';
import { DumpRows } from './dump-rows.js';
import { describeDatabase } from './open-postgres.js';

/** Omits permissions and owners, which the restoring server sets. */
const WITHOUT_RIGHTS = ['--no-owner', '--no-privileges'];
/** The table that others refer to, so its rows come first. */
const FIRST_TABLE = 'account';

/**
 * Parameters of an address with which PostgreSQL's programs give up a server that does not accept them within 5 s, or
 * whose host vanished, 20 s later; otherwise they would wait for ever, or for two hours.
 */
const DEADLINES = { connect_timeout: '5', keepalives_idle: '5', keepalives_interval: '5', keepalives_count: '3' };

/** Backs up and restores a database with PostgreSQL's own programs, which report damage and fail. */
export function createPostgresBackup(url: string): BackupStore {
  return {
    name: describeDatabase(url),
    fileName: 'everywire.dump',
    requireSource: () => requireUsableUrl(url),
    copyTo: async (file) => {
      const dump = run('pg_dump', [...WITHOUT_RIGHTS, '--format=custom', `--file=${file}`], { url });
      await dump.ended;
      return { damage: [], lacks: [] };
    },
    requireTarget: () => requireEmptyDatabase(url),
    restoreFrom: async (file, { keepSignIns }) => {
      const tables = await prepareRestore(url, await versionIn(file));
      await fill(url, file, new Set(tables));
      await restorePostgresStore({ url, keepSignIns });
      return [];
    },
  };
}

/** Returns the version of the tables in a dump. */
async function versionIn(file: string): Promise<number> {
  const steps = new DumpRows(new Set(['schema_step']));
  const [rows] = await Promise.all([text(steps), readRows(file, ['--table=schema_step'], steps)]);
  const version = Math.max(0, ...rows.split('\n').map(Number).filter(Number.isInteger));
  if (version === 0) throw new CommandError(`store_foreign: ${file} is not a backup of Everywire.`);
  return version;
}

/** Copies the rows of a dump into tables, in one transaction. */
async function fill(url: string, file: string, tables: ReadonlySet<string>): Promise<void> {
  const options = ['--no-psqlrc', '--quiet', '--single-transaction', '--set=ON_ERROR_STOP=1', '--file=-'];
  const psql = run('psql', options, { url, stdio: ['pipe', 'ignore', 'pipe'] });
  const input = psql.child.stdin as Writable;
  const passes = [[`--table=${FIRST_TABLE}`], []].map((selected, pass) => {
    const rows = new DumpRows(tables, (table) => (table === FIRST_TABLE) === (pass === 0));
    return async () => {
      await Promise.all([readRows(file, selected, rows), pipeline(rows, input, { end: false })]);
    };
  });
  try {
    for (const pass of passes) await pass();
    input.end();
  } catch (error) {
    // The end of the input would commit.
    psql.child.kill('SIGKILL');
    if (error instanceof CommandError) {
      await psql.ended.catch(() => undefined);
      throw error;
    }
  }
  await psql.ended;
}

async function readRows(file: string, selected: readonly string[], rows: DumpRows): Promise<void> {
  const restore = run('pg_restore', ['--data-only', ...WITHOUT_RIGHTS, ...selected, '--file=-', file], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  await Promise.all([restore.ended, pipeline(restore.child.stdout as Readable, rows)]);
}

interface RunOptions {
  /** The address of a database. */
  readonly url?: string;
  readonly stdio?: StdioOptions;
}

/**
 * Runs a program of PostgreSQL; `ended` rejects with its message if it fails. The password is passed in the environment,
 * because every user of the machine can see command arguments.
 */
function run(
  name: string,
  options: readonly string[],
  { url, stdio = ['ignore', 'ignore', 'pipe'] }: RunOptions,
): { readonly child: ChildProcess; readonly ended: Promise<void> } {
  const shown = url === undefined ? null : new URL(url);
  const password = decodeURIComponent(shown?.password ?? '');
  if (shown !== null) {
    shown.password = '';
    for (const [name, value] of Object.entries(DEADLINES)) shown.searchParams.set(name, value);
  }
  const env = { ...process.env, ...(password !== '' && { PGPASSWORD: password }) };
  const child = spawn(name, [...options, ...(shown === null ? [] : [`--dbname=${shown.href}`])], { env, stdio });
  const wait = async (): Promise<void> => {
    const said = text(child.stderr as Readable);
    const [code] = (await once(child, 'close')) as [number | null];
    if (code !== 0) throw new CommandError(`${name} failed: ${(await said).trim() || `exit code ${code}`}`);
  };
  const ended = wait().catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error;
    throw new CommandError(
      `${name} was not found. Install the PostgreSQL client programs, of the server's version or later (Debian: apt-get install postgresql-client).`,
    );
  });
  ended.catch(() => undefined);
  return { child, ended };
}
