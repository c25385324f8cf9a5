/**
 * Why a store could not be opened. The codes are stable.
 *
 * - `store_in_use`: this or another process has it open.
 * - `store_newer`: a later version of the program wrote it.
 * - `store_foreign`: an SQLite database, but not one of ours.
 * - `store_corrupt`: not a database, or a damaged one.
 * - `store_exists`: a restore or a move would overwrite a store.
 * - `store_missing`: a store is missing or empty that existed before.
 * - `store_full`: no space left to open or migrate it.
 * - `store_driver_missing`: this Node has no SQLite, or one before 22.16.
 * - `store_unwritable`: the directory or the file cannot be created, read or written.
 */
export type StoreFileErrorCode =
  | 'store_in_use'
  | 'store_newer'
  | 'store_foreign'
  | 'store_corrupt'
  | 'store_exists'
  | 'store_missing'
  | 'store_full'
  | 'store_driver_missing'
  | 'store_unwritable';

/** The error for an unusable store file; its message names the file and the remedy. */
export class StoreFileError extends Error {
  override readonly name: string = 'StoreFileError';
  readonly code: StoreFileErrorCode;
  readonly file: string;

  constructor(code: StoreFileErrorCode, file: string, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
    this.file = file;
  }
}

const CODE_BY_CAUSE: ReadonlyArray<readonly [prefix: string, code: StoreFileErrorCode, remedy: string]> = [
  [
    'SQLITE_NOTADB',
    'store_corrupt',
    'is not a database. Restore it from a backup, or move it away and start with --new.',
  ],
  ['SQLITE_CORRUPT', 'store_corrupt', 'is damaged. Restore it from a backup.'],
  ['SQLITE_FULL', 'store_full', 'cannot be opened: the disk is full. Free some space and start again.'],
  ['ENOSPC', 'store_full', 'cannot be opened: the disk is full. Free some space and start again.'],
  ['EDQUOT', 'store_full', 'cannot be opened: the disk quota is used up. Free some space and start again.'],
  ['SQLITE_BUSY', 'store_in_use', 'is open in another program. Close that one first.'],
  ['SQLITE_LOCKED', 'store_in_use', 'is open in another program. Close that one first.'],
  ['SQLITE_', 'store_unwritable', 'cannot be read and written. Check its owner and permissions, and the disk.'],
  ['E', 'store_unwritable', 'cannot be read and written. Check its owner and permissions, and the disk.'],
];

/** Maps an error of opening to a `StoreFileError`; returns one that is not a storage failure, a defect, unchanged. */
export function asStoreFileError(file: string, cause: unknown): unknown {
  if (cause instanceof StoreFileError) return cause;
  const reason = errorCode(cause);
  const found = CODE_BY_CAUSE.find(([prefix]) => reason.startsWith(prefix));
  if (found === undefined) return cause;
  const [, code, remedy] = found;
  return new StoreFileError(code, file, `The store ${file} ${remedy}`, cause);
}

/** Returns the code of SQLite (`SQLITE_FULL`) or the operating system (`ENOSPC`); empty if there is none. */
export function errorCode(error: unknown): string {
  if (typeof error !== 'object' || error === null || !('code' in error)) return '';
  return typeof error.code === 'string' ? error.code : '';
}
