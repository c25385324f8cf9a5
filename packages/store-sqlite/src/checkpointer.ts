import { Worker } from 'node:worker_threads';
import type { CheckpointReport, CheckpointWorkerData } from './checkpoint-worker.js';
import type { SqliteStoreLimits } from './limits.js';
import { LogLength } from './log-length.js';

/** Requests of the checkpoint thread to the writer. */
export interface CheckpointEvents {
  /** The write-ahead log exceeds its limit: the writer must commit nothing until `resume`. */
  readonly hold: () => void;
  readonly resume: () => void;
  /** The thread ended unexpectedly and is not restarted: from now on, the writer must run checkpoints itself. */
  readonly lost: (reason: unknown) => void;
}

/**
 * Runs checkpoints in a thread: copies the pages of the write-ahead log into the database file. So no commit waits 5 to
 * 80 ms for a checkpoint.
 */
export interface Checkpointer {
  /**
   * Moves the whole log into the database and truncates the log, as soon as few writes come. Resolves with `false` if
   * the thread ends before.
   */
  empty(): Promise<boolean>;
  /** Resolves when the thread has closed its connection. Idempotent. */
  close(): Promise<void>;
}

/** Resolves to the same file from `src` (tests) and from `dist` (the built package). */
const WORKER_URL: URL = new URL('../dist/checkpoint-worker.js', import.meta.url);

/**
 * Starts the checkpoint thread. The thread runs a passive checkpoint, which blocks nothing, at every interval. Under
 * constant load, the log does not restart from its beginning and grows. When it exceeds `logBytesMax`, the writer is
 * held, the thread copies the rest, and the writer resumes (`LogLength`).
 *
 * A failed checkpoint (on a full disk, for example) is not reported: the log keeps everything, and the thread tries
 * again at the next interval.
 *
 * To empty the log, the thread first waits for a complete passive checkpoint, so that little is left to copy while the
 * writer is held.
 */
export function startCheckpointer(
  file: string,
  pageBytes: number,
  limits: SqliteStoreLimits,
  events: CheckpointEvents,
): Checkpointer {
  const log = new LogLength({
    pagesMax: Math.max(1, Math.floor(limits.logBytesMax / pageBytes)),
    heldPagesMax: Math.floor(limits.heldLogBytesMax / pageBytes),
  });
  const { checkpointIntervalMs: intervalMs, busyTimeoutMs } = limits;
  const workerData: CheckpointWorkerData = { file, intervalMs, busyTimeoutMs };
  const worker = new Worker(WORKER_URL, { workerData });
  worker.unref();
  let state: 'running' | 'restarting' | 'closing' | 'closed' = 'running';
  let failure: unknown = null;
  let emptying: ((done: boolean) => void)[] = [];
  const exited = new Promise<void>((resolve) => worker.once('exit', () => resolve()));

  const holdFor = (mode: 'RESTART' | 'TRUNCATE'): void => {
    state = 'restarting';
    events.hold();
    worker.postMessage(mode);
  };
  const settle = (done: boolean): void => {
    for (const resolve of emptying) resolve(done);
    emptying = [];
  };
  const onPassive = (pages: number, complete: boolean): void => {
    const next = log.afterPassive(pages);
    if (complete && emptying.length > 0) holdFor('TRUNCATE');
    else if (next === 'again') worker.postMessage('PASSIVE');
    else if (next === 'restart') holdFor('RESTART');
  };
  /** The work for which the writer was held is finished. */
  const onHeld = (report: CheckpointReport): void => {
    const emptied = report.kind === 'done' && report.complete;
    if (report.kind === 'done' && (emptied || report.mode === 'RESTART')) log.afterRestart(report.pages, emptied);
    if (emptied && report.mode === 'TRUNCATE') settle(true);
    state = 'running';
    events.resume();
  };
  worker.on('message', (report: CheckpointReport) => {
    if (state === 'restarting' && report.mode !== 'PASSIVE') onHeld(report);
    else if (state === 'running' && report.kind === 'done') onPassive(report.pages, report.complete);
  });
  worker.on('error', (error) => {
    failure = error;
  });
  worker.once('exit', () => {
    const before = state;
    state = 'closed';
    if (before === 'restarting') events.resume();
    settle(false);
    if (before !== 'closing') events.lost(failure);
  });

  return {
    empty: () => {
      if (state === 'closing' || state === 'closed') return Promise.resolve(false);
      return new Promise((resolve) => emptying.push(resolve));
    },
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
