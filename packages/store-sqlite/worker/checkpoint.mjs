// @ts-check
// The checkpoint thread (see src/checkpointer.ts). Plain JavaScript outside src, so that the built package and the tests, which
// run the TypeScript sources, start the very same file: a worker is loaded by its path, not by the module graph.
import { parentPort, workerData } from 'node:worker_threads';
import Database from 'better-sqlite3';

/** @type {{ file: string, intervalMs: number, busyTimeoutMs: number }} */
const { file, intervalMs, busyTimeoutMs } = workerData;
const port = parentPort;
if (port === null) throw new Error('checkpoint.mjs is a worker');

const database = open();
// A checkpoint must sync the log before the pages it came from are overwritten.
database.pragma('synchronous = FULL');
database.pragma('wal_autocheckpoint = 0');

function open() {
  try {
    return new Database(file, { fileMustExist: true, timeout: busyTimeoutMs });
  } catch (error) {
    // An error of the driver's own class does not survive the way to the other thread.
    throw new Error(`The checkpoint thread cannot open ${file}: ${error instanceof Error ? error.message : error}`);
  }
}

/** @param {'PASSIVE' | 'RESTART' | 'TRUNCATE'} mode */
function checkpoint(mode) {
  try {
    const [result] = /** @type {Array<{ busy: number, log: number, checkpointed: number }>} */ (
      database.pragma(`wal_checkpoint(${mode})`)
    );
    const { busy = 1, log = 0, checkpointed = 0 } = result ?? {};
    port?.postMessage({ kind: 'done', mode, complete: busy === 0 && checkpointed === log, pages: log });
  } catch (error) {
    port?.postMessage({ kind: 'failed', mode, reason: String(error) });
  }
}

/** The writer waits meanwhile, so this waits for no reader: it is asked for again. */
function empty() {
  database.pragma('busy_timeout = 0');
  checkpoint('TRUNCATE');
  database.pragma(`busy_timeout = ${busyTimeoutMs}`);
}

// PASSIVE waits for nobody and lets nobody wait; when it gets through, the next commit starts the log from its beginning.
const timer = setInterval(() => checkpoint('PASSIVE'), intervalMs);
port.on('message', (message) => {
  if (message === 'RESTART' || message === 'PASSIVE') return checkpoint(message);
  if (message === 'TRUNCATE') return empty();
  clearInterval(timer);
  database.close();
  port.close();
});
