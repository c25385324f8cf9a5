import { FilesError, StoreError, type StoreErrorCode } from '@everywire/chat';

/** The disk or a quota is full, or a file would exceed the largest possible size. */
const fullCodes: readonly unknown[] = ['ENOSPC', 'EDQUOT', 'EFBIG'];
/** The process, or the machine, has reached its limit of open files. */
const busyCodes: readonly unknown[] = ['EMFILE', 'ENFILE'];

/** Returns the code for a failure of the store, of the files or of the disk; `null` for any other error. */
export function storageCode(error: unknown): StoreErrorCode | null {
  if (error instanceof StoreError || error instanceof FilesError) return error.code;
  if (!(error instanceof Error && 'code' in error)) return null;
  if (busyCodes.includes(error.code)) return 'busy';
  return fullCodes.includes(error.code) ? 'full' : null;
}
