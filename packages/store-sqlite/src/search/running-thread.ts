import { Worker } from 'node:worker_threads';
import { StoreError } from '@everywire/chat';
import { asStoreError } from '../store-failure.js';
import type { SearchQuestions, SearchReplies } from './search-runner.js';
import type { SearchMessage, SearchReport, SearchWorkerData } from './search-worker.js';

interface Waiting {
  readonly resolve: (answer: never) => void;
  readonly reject: (reason: unknown) => void;
}

/** Callbacks of `RunningThread`, which are not called after `close`. */
interface ThreadEvents {
  readonly answered: () => void;
  /** Called once if the thread ended unexpectedly, or was terminated because it did not answer. */
  readonly lost: (reason: unknown) => void;
}

/** One run of the search thread, and its pending queries. */
export class RunningThread {
  /** Resolves when the thread has ended. */
  readonly ended: Promise<void>;
  readonly #worker: Worker;
  readonly #answerMs: number;
  readonly #events: ThreadEvents;
  readonly #waiting = new Map<number, Waiting>();
  #lastId = 0;
  #timer: NodeJS.Timeout | null = null;
  #over = false;

  constructor(
    program: URL,
    data: SearchWorkerData,
    limits: { readonly searchAnswerMs: number; readonly searchMemoryBytes: number },
    events: ThreadEvents,
  ) {
    this.#answerMs = limits.searchAnswerMs;
    this.#events = events;
    const resourceLimits = { maxOldGenerationSizeMb: Math.ceil(limits.searchMemoryBytes / 2 ** 20) };
    this.#worker = new Worker(program, { workerData: data, execArgv: [], resourceLimits });
    this.#worker.unref();
    let failure: unknown = null;
    this.#worker.on('message', (report: SearchReport) => this.#settle(report));
    this.#worker.on('error', (error) => {
      failure = error;
    });
    this.ended = new Promise((resolve) =>
      this.#worker.once('exit', () => {
        this.#lose(failure);
        resolve();
      }),
    );
  }

  get waiting(): number {
    return this.#waiting.size;
  }

  ask<Kind extends keyof SearchQuestions>(kind: Kind, question: SearchQuestions[Kind]): Promise<SearchReplies[Kind]> {
    return new Promise((resolve, reject) => {
      this.#lastId += 1;
      this.#waiting.set(this.#lastId, { resolve, reject });
      // The thread must keep the process alive while a query is pending.
      this.#worker.ref();
      this.#timer ??= this.#startTimer();
      this.#worker.postMessage({ id: this.#lastId, kind, question } as SearchMessage);
    });
  }

  /** Ends the thread after it has answered the pending queries. */
  close(): void {
    this.#over = true;
    this.#worker.ref();
    this.#timer ??= this.#startTimer();
    this.#worker.postMessage('close' satisfies SearchMessage);
  }

  /** Starts a timer that terminates the thread, with all pending queries, if no answer comes in time. */
  #startTimer(): NodeJS.Timeout {
    return setTimeout(() => {
      this.#lose(new Error(`The search thread did not answer for ${this.#answerMs} ms.`));
      this.#worker.terminate();
    }, this.#answerMs).unref();
  }

  #settle(report: SearchReport): void {
    const asked = this.#waiting.get(report.id);
    if (asked === undefined) return;
    this.#waiting.delete(report.id);
    this.#stopTimer();
    if (this.#waiting.size > 0 || this.#over) this.#timer = this.#startTimer();
    else this.#worker.unref();
    if (!this.#over) this.#events.answered();
    if ('answer' in report) asked.resolve(report.answer as never);
    else asked.reject(asFailure(report.failed, report.code));
  }

  #lose(reason: unknown): void {
    this.#stopTimer();
    for (const { reject } of this.#waiting.values()) {
      reject(new StoreError('busy', `The search thread ended: ${String(reason)}`));
    }
    this.#waiting.clear();
    if (this.#over) return;
    this.#over = true;
    this.#events.lost(reason);
  }

  #stopTimer(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }
}

function asFailure(message: string, code: string | null): unknown {
  const error = new Error(message);
  return code === null ? error : asStoreError(Object.assign(error, { code }), 'before');
}
