import { parentPort, workerData } from 'node:worker_threads';
import type { Database } from './database/database.js';
import { openDatabase } from './database/open-database.js';

/** The data with which the checkpoint thread starts. */
export interface CheckpointWorkerData {
  readonly file: string;
  readonly intervalMs: number;
  readonly busyTimeoutMs: number;
}

/** A checkpoint mode of SQLite. */
export type CheckpointKind = 'PASSIVE' | 'RESTART' | 'TRUNCATE';

/** A message from the thread to the writer. */
export type CheckpointReport =
  | { readonly kind: 'done'; readonly mode: CheckpointKind; readonly complete: boolean; readonly pages: number }
  | { readonly kind: 'failed'; readonly mode: CheckpointKind; readonly reason: string };

/** The checkpoint thread (see checkpointer.ts). */
function serve(port: NonNullable<typeof parentPort>, { file, intervalMs, busyTimeoutMs }: CheckpointWorkerData): void {
  const database = open(file, busyTimeoutMs);
  // Makes a checkpoint sync the log before it overwrites pages of the database, and the database before the log is
  // reused.
  database.pragma('synchronous = FULL');
  database.pragma('wal_autocheckpoint = 0');

  const report = (words: CheckpointReport): void => port.postMessage(words);
  const checkpoint = (mode: CheckpointKind): void => {
    try {
      const [result] = database.pragma(`wal_checkpoint(${mode})`) as {
        busy: number;
        log: number;
        checkpointed: number;
      }[];
      const { busy = 1, log = 0, checkpointed = 0 } = result ?? {};
      report({ kind: 'done', mode, complete: busy === 0 && checkpointed === log, pages: log });
    } catch (error) {
      report({ kind: 'failed', mode, reason: String(error) });
    }
  };
  /**
   * Does not wait for readers, because the writer waits meanwhile. If a reader prevents it, the writer requests it
   * again.
   */
  const empty = (): void => {
    database.pragma('busy_timeout = 0');
    checkpoint('TRUNCATE');
    database.pragma(`busy_timeout = ${busyTimeoutMs}`);
  };

  // PASSIVE blocks neither readers nor the writer. If it copies everything, the next commit restarts the log.
  const timer = setInterval(() => checkpoint('PASSIVE'), intervalMs);
  port.on('message', (message: CheckpointKind | 'close') => {
    if (message === 'RESTART' || message === 'PASSIVE') return checkpoint(message);
    if (message === 'TRUNCATE') return empty();
    clearInterval(timer);
    database.close();
    port.close();
  });
}

function open(file: string, timeout: number): Database {
  try {
    return openDatabase(file, { fileMustExist: true, timeout });
  } catch (error) {
    // Sends the message only, because an error of the driver's class cannot be sent to another thread.
    throw new Error(`The checkpoint thread cannot open ${file}: ${error instanceof Error ? error.message : error}`);
  }
}

if (parentPort !== null) serve(parentPort, workerData as CheckpointWorkerData);
