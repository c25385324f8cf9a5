import { FilesError, StoreError } from '@everywire/chat';

const fullCodes: readonly unknown[] = ['ENOSPC', 'EDQUOT', 'EFBIG'];

/** What a failure of the store, of the files or of the disk below them means to a client; `null` for any other. */
export function storageCode(error: unknown): 'busy' | 'full' | 'unknown' | null {
  if (error instanceof StoreError || error instanceof FilesError) return error.code;
  return error instanceof Error && 'code' in error && fullCodes.includes(error.code) ? 'full' : null;
}
