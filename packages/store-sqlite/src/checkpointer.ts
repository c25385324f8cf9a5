import { Worker } from 'node:worker_threads';
import type { SqliteStoreLimits } from './limits.js';

/** What the checkpoint thread asks of the writer. */
export interface CheckpointEvents {
  /** The log is above its limit: commit nothing until `resume`. */
  readonly hold: () => void;
  readonly resume: () => void;
  /** The thread ended unasked and will not come back: the writer checkpoints on its own from now on. */
  readonly lost: (reason: unknown) => void;
}

/** Moves the write-ahead log into the database beside the writer, so that no commit carries a checkpoint's 5 to 80 ms. */
export interface Checkpointer {
  /** Resolves when the thread has closed its connection. Idempotent. */
  close(): Promise<void>;
}

type Report =
  | { readonly kind: 'done'; readonly mode: 'PASSIVE' | 'RESTART'; readonly complete: boolean; readonly pages: number }
  | { readonly kind: 'failed'; readonly mode: 'PASSIVE' | 'RESTART'; readonly reason: string };

/** The same file from `src` (tests) and from `dist` (the built package). */
const WORKER_URL: URL = new URL('../worker/checkpoint.mjs', import.meta.url);

/**
 * Starts the thread. It checkpoints passively at every interval. Under constant load that never reaches the log's end, so the
 * log grows: above `logBytesMax` the writer is asked to hold, the thread finishes and restarts the log, and the writer resumes.
 *
 * A failed checkpoint (a full disk) is no error here: the log keeps everything and the next interval tries again. Where another
 * program's reader keeps the log from restarting, it is tried again after another `logBytesMax`, not at every interval.
 */
export function startCheckpointer(
  file: string,
  pageBytes: number,
  limits: SqliteStoreLimits,
  events: CheckpointEvents,
): Checkpointer {
  const pagesMax = Math.max(1, Math.floor(limits.logBytesMax / pageBytes));
  const worker = new Worker(WORKER_URL, {
    workerData: { file, intervalMs: limits.checkpointIntervalMs, busyTimeoutMs: limits.busyTimeoutMs },
  });
  worker.unref();
  let state: 'running' | 'restarting' | 'closing' | 'closed' = 'running';
  let restartAbovePages = pagesMax;
  let failure: unknown = null;
  const exited = new Promise<void>((resolve) => worker.once('exit', () => resolve()));

  worker.on('message', (report: Report) => {
    if (state === 'restarting' && report.mode === 'RESTART') {
      const done = report.kind === 'done' && report.complete;
      restartAbovePages = done ? pagesMax : restartAbovePages + pagesMax;
      state = 'running';
      events.resume();
    } else if (state === 'running' && report.kind === 'done' && !report.complete && report.pages > restartAbovePages) {
      state = 'restarting';
      events.hold();
      worker.postMessage('restart');
    }
  });
  worker.on('error', (error) => {
    failure = error;
  });
  worker.once('exit', () => {
    const before = state;
    state = 'closed';
    if (before === 'restarting') events.resume();
    if (before !== 'closing') events.lost(failure);
  });

  return {
    close: async () => {
      if (state === 'running' || state === 'restarting') {
        if (state === 'restarting') events.resume();
        state = 'closing';
        worker.ref();
        worker.postMessage('close');
      }
      await exited;
    },
  };
}
