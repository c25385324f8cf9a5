import { StoreError } from '@everywire/chat';
import { RestRefusal } from './error-codes.js';
import { storageCode } from './storage-code.js';

/**
 * Does the rest of an operation, of which an earlier change was committed. If the store or the files refuse it now,
 * rejects with `unknown`, because any other code of theirs says that nothing was changed (CM-3.2).
 */
export async function afterCommit<Result>(rest: Promise<Result>): Promise<Result> {
  try {
    return await rest;
  } catch (error) {
    const isRefused = storageCode(error) !== null || (error instanceof RestRefusal && error.code === 'busy');
    if (!isRefused) throw error;
    throw new StoreError('unknown', 'Only a part of the operation was done.', { cause: error });
  }
}
