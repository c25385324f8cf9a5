import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { checkSqliteStore, describeDamage } from '@everywire/store-sqlite';
import { processConfig } from './process-config.js';
import { startErrorLine } from './start-error.js';

/** Exit code of `everywire check` and `everywire backup` for a damaged store. */
export const DAMAGED_EXIT_CODE = 3;

/** The page that describes how to recover from damage. */
export const RECOVERY_PAGE = 'docs/guides/back-up-and-restore.md';

/**
 * Runs `everywire check`: reads the whole store, also while a server is running, and prints one line for each damaged
 * part.
 *
 * @returns the exit code: 0 for a sound store, 3 for a damaged one, 1 if there is none or it cannot be opened
 */
export function runCheckCommand(): number {
  try {
    const config = processConfig();
    if (config.EVERYWIRE_POSTGRES !== '')
      throw new Error('everywire check is only for SQLite. For PostgreSQL, use data checksums and pg_amcheck.');
    const file = join(resolve(config.EVERYWIRE_DATA), 'everywire.sqlite');
    if (!existsSync(file)) throw new Error(`There is no store at ${file}. Set EVERYWIRE_DATA to its directory.`);
    const lines = checkSqliteStore({ file }).map(describeDamage);
    process.stdout.write(lines.length === 0 ? `${file} is sound\n` : damageReport(file, lines));
    return lines.length === 0 ? 0 : DAMAGED_EXIT_CODE;
  } catch (error) {
    const line =
      startErrorLine(error, { port: 0, host: '' }) ?? (error instanceof Error ? error.message : String(error));
    process.stderr.write(`${line}\n`);
    return 1;
  }
}

/** Returns lines that name the damaged parts and the page to read. */
export function damageReport(file: string, lines: readonly string[]): string {
  const parts = lines.map((line) => `  ${line}\n`).join('');
  return `${file} is damaged:\n${parts}To recover: ${RECOVERY_PAGE}\n`;
}
