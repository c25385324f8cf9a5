import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { hasSqliteStore, StoreFileError } from '@everywire/store-sqlite';

/**
 * Refuses to start with an empty store when files show that there was one. Otherwise the messages would be gone, the
 * files would be orphaned, and the first visitor of the page would become administrator.
 *
 * @param files the directory of files of messages
 * @param isNew whether the operator requested a new store (`--new`)
 * @throws StoreFileError `store_missing` if there is no store at `file` but evidence of an earlier one; `store_exists`
 *   if there is a store and the operator requested a new one
 */
export function checkFormerPlace(files: string, file: string, isNew: boolean): void {
  const hasStore = hasSqliteStore(file);
  if (hasStore && isNew) {
    throw new StoreFileError(
      'store_exists',
      file,
      `There is a store at ${file}. Start without --new, or move it away.`,
    );
  }
  if (hasStore || isNew) return;
  const traces = [
    ...(hasFiles(files) ? [`files of messages in ${files}`] : []),
    // SQLite reads the WAL with the database; if the database is empty, the WAL had no commit.
    ...(sizeOf(file) > 0 ? ['.position'] : ['-wal', '.position'])
      .map((side) => file + side)
      .filter((side) => sizeOf(side) > 0),
  ];
  if (traces.length === 0) return;
  throw new StoreFileError(
    'store_missing',
    file,
    `There is no store at ${file}${existsSync(file) ? ' (the database is empty)' : ''}, but there are ${traces.join(' and ')}. ` +
      'Put the store back, or move the directory away and restore a backup (everywire restore). To start with an empty store instead, start once with --new.',
  );
}

/** Returns whether a directory of attachments contains any complete file. */
function hasFiles(directory: string): boolean {
  if (!existsSync(directory)) return false;
  const subdirectories = readdirSync(directory).filter((subdirectory) => /^[0-9a-f]{2}$/.test(subdirectory));
  return subdirectories.some((subdirectory) => readdirSync(join(directory, subdirectory)).length > 0);
}

/** Returns the size of a file; 0 if it is missing or unreadable, which opening the store reports better. */
function sizeOf(file: string): number {
  try {
    return statSync(file).size;
  } catch {
    return 0;
  }
}
