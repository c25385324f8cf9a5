import { StoreError } from '@everywire/chat';
import { RunningThread } from './running-thread.js';
import type { SearchQuestions, SearchReplies } from './search-runner.js';
import type { SearchWorkerData } from './search-worker.js';

/** Runs searches, in a thread of its own or in the thread of the writer. */
export interface Searcher {
  /** Runs a query. Rejects with `busy` if too many wait, if the thread ended or does not answer, and after `close`. */
  ask<Kind extends keyof SearchQuestions>(kind: Kind, question: SearchQuestions[Kind]): Promise<SearchReplies[Kind]>;
  close(): Promise<void>;
}

interface SearchThreadLimits {
  readonly searchesWaitingMax: number;
  readonly searchAnswerMs: number;
  readonly searchMemoryBytes: number;
  readonly searchRestartMs: number;
  readonly searchRestartMaxMs: number;
}

interface SearchThreadOptions {
  readonly data: SearchWorkerData;
  readonly limits: SearchThreadLimits;
  /** Called each time a thread ends unexpectedly. */
  readonly onLost: (reason: unknown) => void;
  /** The program of the thread; tests set another one. Default: the shipped program. */
  readonly program?: URL;
}

/** The built file, also when this module runs from `src`: a thread is loaded by its path, without module hooks. */
const WORKER_URL: URL = new URL('../../dist/search/search-worker.js', import.meta.url);

/**
 * Creates a searcher in a thread, which starts with the first query. If the thread ends unexpectedly, or is terminated
 * because it does not answer, its queries reject as `busy`, and a later query starts another thread: the first time
 * immediately, then after pauses that double until a query is answered. During a pause, all queries reject as `busy`,
 * so a thread that keeps failing costs almost nothing.
 */
export function createSearchThread({ data, limits, onLost, program = WORKER_URL }: SearchThreadOptions): Searcher {
  let running: RunningThread | null = null;
  let closed = false;
  let failures = 0;
  let restAt = 0;
  const ending = new Set<Promise<void>>();

  const start = (): RunningThread => {
    const thread = new RunningThread(program, data, limits, {
      answered: () => {
        failures = 0;
      },
      lost: (reason) => {
        if (running === thread) running = null;
        const pause = failures === 0 ? 0 : limits.searchRestartMs * 2 ** Math.min(failures - 1, 30);
        failures += 1;
        restAt = performance.now() + Math.min(pause, limits.searchRestartMaxMs);
        onLost(reason);
      },
    });
    ending.add(thread.ended);
    thread.ended.then(() => ending.delete(thread.ended));
    return thread;
  };

  return {
    ask: async (kind, question) => {
      if (closed) throw new StoreError('busy', 'The store is closed.');
      if (running === null && performance.now() < restAt) throw new StoreError('busy', 'The search thread ended.');
      running ??= start();
      if (running.waiting >= limits.searchesWaitingMax) throw new StoreError('busy', 'Too many searches wait.');
      return running.ask(kind, question);
    },
    close: async () => {
      closed = true;
      running?.close();
      await Promise.all(ending);
    },
  };
}
