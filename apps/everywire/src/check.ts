import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { checkSqliteStore, describeDamage } from '@everywire/store-sqlite';
import { readConfig } from './read-config.js';
import { startErrorLine } from './start-error.js';

/** Exit code of `everywire check` and `everywire backup` for a damaged store. */
export const DAMAGED_EXIT_CODE = 3;

/** The page that describes how to recover from damage. */
export const RECOVERY_PAGE = 'docs/guides/back-up-and-restore.md';

/** The same for PostgreSQL. */
const POSTGRES_RECOVERY_PAGE = 'docs/guides/postgresql.md';

/**
 * Runs `everywire check`: reads the whole store, also while a server is running, and prints one line for each damaged
 * part.
 *
 * @returns the exit code: 0 for a sound store, 3 for a damaged one, 1 if there is none or it cannot be opened
 */
export async function runCheckCommand(): Promise<number> {
  try {
    const config = readConfig(process.env);
    if (config.EVERYWIRE_POSTGRES !== '') return await checkPostgres(config.EVERYWIRE_POSTGRES);
    const file = join(resolve(config.EVERYWIRE_DATA), 'everywire.sqlite');
    if (!existsSync(file)) throw new Error(`There is no store at ${file}. Set EVERYWIRE_DATA to its directory.`);
    return report(file, checkSqliteStore({ file }).map(describeDamage), RECOVERY_PAGE);
  } catch (error) {
    const line =
      startErrorLine(error, { port: 0, host: '' }) ?? (error instanceof Error ? error.message : String(error));
    process.stderr.write(`${line}\n`);
    return 1;
  }
}

/** Loads the code for PostgreSQL on demand, because a server on SQLite loads this module. */
async function checkPostgres(url: string): Promise<number> {
  const { checkPostgresStore } = await import('@everywire/store-postgres');
  const { describeDatabase } = await import('./open-postgres.js');
  const { damage, hasChecksums } = await checkPostgresStore({ url });
  const exitCode = report(describeDatabase(url), damage, POSTGRES_RECOVERY_PAGE);
  const checksums = hasChecksums
    ? 'Data checksums are on: PostgreSQL verifies each page that it reads from the disk.'
    : 'Data checksums are off, so an altered text is not found: switch them on with pg_checksums.';
  process.stdout.write(`${checksums} To examine the indexes, run pg_amcheck.\n`);
  return exitCode;
}

function report(store: string, damage: readonly string[], page: string): number {
  process.stdout.write(damage.length === 0 ? `${store} is sound\n` : damageReport(store, damage, page));
  return damage.length === 0 ? 0 : DAMAGED_EXIT_CODE;
}

/** Returns lines that name the damaged parts and the page to read. */
export function damageReport(store: string, lines: readonly string[], page: string = RECOVERY_PAGE): string {
  const parts = lines.map((line) => `  ${line}\n`).join('');
  return `${store} is damaged:\n${parts}To recover: ${page}\n`;
}
