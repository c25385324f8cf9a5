import { Worker } from 'node:worker_threads';
import { StoreError } from '@everywire/chat';
import { asStoreError } from '../store-failure.js';
import type { SearchAnswers, SearchQuestions } from './search-runner.js';
import type { SearchMessage, SearchReport, SearchWorkerData } from './search-worker.js';

/** Whoever searches: a thread, or the writer's own. */
export interface Searcher {
  /** Rejects with `busy` where too many wait, where the thread ended, and after `close`. */
  ask<Kind extends keyof SearchQuestions>(kind: Kind, question: SearchQuestions[Kind]): Promise<SearchAnswers[Kind]>;
  close(): Promise<void>;
}

interface Waiting {
  readonly resolve: (answer: never) => void;
  readonly reject: (reason: unknown) => void;
}

interface Running {
  readonly worker: Worker;
  readonly waiting: Map<number, Waiting>;
  readonly ended: Promise<void>;
}

/** The built file, also from `src`: a thread is loaded by its path, without what this process was told of other modules. */
const WORKER_URL: URL = new URL('../../dist/search/search-worker.js', import.meta.url);

/**
 * Starts with the first question, so that a store that nobody searches has no thread. A thread that ends unasked takes the questions it had with it,
 * as `busy`, and the next one starts another.
 */
export function createSearchThread(data: SearchWorkerData, waitingMax: number): Searcher {
  let running: Running | null = null;
  let closed = false;
  let lastId = 0;

  const start = (): Running => {
    const worker = new Worker(WORKER_URL, { workerData: data, execArgv: [] });
    worker.unref();
    const waiting = new Map<number, Waiting>();
    let failure: unknown = null;
    worker.on('message', (report: SearchReport) => settle(waiting, report));
    worker.on('error', (error) => {
      failure = error;
    });
    const ended = new Promise<void>((resolve) =>
      worker.once('exit', () => {
        if (running?.worker === worker) running = null;
        const reason = new StoreError('busy', `The search thread ended: ${String(failure)}`);
        for (const { reject } of waiting.values()) reject(reason);
        waiting.clear();
        resolve();
      }),
    );
    return { worker, waiting, ended };
  };

  return {
    ask: (kind, question) =>
      new Promise((resolve, reject) => {
        if (closed) return reject(new StoreError('busy', 'The store is closed.'));
        running ??= start();
        const { worker, waiting } = running;
        if (waiting.size >= waitingMax) return reject(new StoreError('busy', 'Too many searches wait.'));
        lastId += 1;
        waiting.set(lastId, { resolve, reject });
        // While something is asked, the process must not end for want of anything else to do.
        worker.ref();
        worker.postMessage({ id: lastId, kind, question } as SearchMessage);
      }),
    close: async () => {
      closed = true;
      running?.worker.ref();
      running?.worker.postMessage('close' satisfies SearchMessage);
      await running?.ended;
    },
  };

  function settle(waiting: Map<number, Waiting>, report: SearchReport): void {
    const asked = waiting.get(report.id);
    waiting.delete(report.id);
    if (waiting.size === 0 && !closed) running?.worker.unref();
    if ('answer' in report) asked?.resolve(report.answer as never);
    else asked?.reject(asFailure(report.failed, report.code));
  }
}

function asFailure(message: string, code: string | null): unknown {
  const error = new Error(message);
  return code === null ? error : asStoreError(Object.assign(error, { code }), 'before');
}
