import { StoreError } from '@everywire/chat';
import { RunningThread } from './running-thread.js';
import type { SearchAnswers, SearchQuestions } from './search-runner.js';
import type { SearchWorkerData } from './search-worker.js';

/** Whoever searches: a thread, or the writer's own. */
export interface Searcher {
  /** Rejects with `busy` where too many wait, where the thread ended or does not answer, and after `close`. */
  ask<Kind extends keyof SearchQuestions>(kind: Kind, question: SearchQuestions[Kind]): Promise<SearchAnswers[Kind]>;
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
  /** Told each time a thread ends unasked. */
  readonly onLost: (reason: unknown) => void;
  /** What the thread runs, for tests; else the shipped one. */
  readonly program?: URL;
}

/** The built file, also from `src`: a thread is loaded by its path, without what this process was told of other modules. */
const WORKER_URL: URL = new URL('../../dist/search/search-worker.js', import.meta.url);

/**
 * Starts with the first question, so that a store that nobody searches has no thread. A thread that ends unasked, or is ended because it does not
 * answer, takes the questions it had with it, as `busy`, and a later one starts another: at once after the first time, then after pauses that double,
 * until one is answered. Meanwhile everything is refused as `busy`, so that a thread that cannot live costs next to nothing.
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
