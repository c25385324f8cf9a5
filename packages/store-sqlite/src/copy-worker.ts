import { parentPort, workerData } from 'node:worker_threads';
import { copySqliteStore } from './copy-store.js';
import { StoreFileError, type StoreFileErrorCode } from './store-file-error.js';

/** The data with which the copy thread starts. */
export interface CopyWorkerData {
  readonly file: string;
  readonly backup: string;
}

/** A failure as plain data, because errors lose their class between threads. */
export interface CopyFailure {
  readonly code: StoreFileErrorCode;
  readonly message: string;
}

/** Runs in the thread of one backup (see `copy-in-thread.ts`). */
function copy(port: NonNullable<typeof parentPort>, paths: CopyWorkerData): void {
  try {
    copySqliteStore(paths);
  } catch (error) {
    if (!(error instanceof StoreFileError)) throw error;
    const failure: CopyFailure = { code: error.code, message: error.message };
    port.postMessage(failure);
  }
}

if (parentPort !== null) copy(parentPort, workerData as CopyWorkerData);
