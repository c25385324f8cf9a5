import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { CopyFailure, CopyWorkerData } from './copy-worker.js';
import { StoreFileError } from './store-file-error.js';

/** Resolves to the same file from `src` (tests) and from `dist` (the built package). */
const WORKER_URL: URL = new URL('../dist/copy-worker.js', import.meta.url);

/** Runs `copySqliteStore` in a thread, so that the writer is not blocked. Throws the same errors. */
export async function copyInThread(file: string, backup: string): Promise<void> {
  const workerData: CopyWorkerData = { file, backup };
  const worker = new Worker(WORKER_URL, { workerData, execArgv: [] });
  let failure: CopyFailure | null = null;
  worker.once('message', (said: CopyFailure) => {
    failure = said;
  });
  await once(worker, 'exit');
  const found = failure as CopyFailure | null;
  if (found !== null) throw new StoreFileError(found.code, file, found.message);
}
