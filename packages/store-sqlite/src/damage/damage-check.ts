import { Worker } from 'node:worker_threads';
import type { Damage } from './damage.js';
import type { DamageReport, DamageWorkerData } from './damage-worker.js';

interface DamageCheckLimits extends Omit<DamageWorkerData, 'file'> {
  readonly damageCheckDelayMs: number;
  readonly damageCheckIntervalMs: number;
}

/** Callbacks of `DamageCheck`. */
export interface DamageCheckEvents {
  readonly damage: (damage: Damage) => void;
  /** A check finished. */
  readonly done: (check: Extract<DamageReport, { readonly kind: 'done' }>) => void;
  /** The thread ended unexpectedly; the next check runs on schedule. */
  readonly failed: (reason: unknown) => void;
}

/** The built file, also when this module runs from `src`, because a thread is loaded by its path. */
const WORKER_URL: URL = new URL('../../dist/damage/damage-worker.js', import.meta.url);

/** The longest time that `setTimeout` supports. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/**
 * Checks the store for damage in a thread, at intervals. The first check begins some time after the store was opened,
 * so that it does not delay the start. The thread exists only during a check. It reads in short steps with pauses, so
 * that the write-ahead log can be emptied at any time.
 */
export class DamageCheck {
  readonly #file: string;
  readonly #limits: DamageCheckLimits;
  readonly #events: DamageCheckEvents;
  #timer: NodeJS.Timeout | null = null;
  #worker: Worker | null = null;
  #ended: Promise<void> = Promise.resolve();
  #closed = false;

  constructor(file: string, limits: DamageCheckLimits, events: DamageCheckEvents) {
    this.#file = file;
    this.#limits = limits;
    this.#events = events;
    this.#startIn(limits.damageCheckDelayMs);
  }

  /** Resolves when no thread reads the store any more, after the current step at most. */
  async close(): Promise<void> {
    this.#closed = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#worker?.ref();
    this.#worker?.postMessage('close');
    await this.#ended;
  }

  #startIn(ms: number): void {
    if (this.#closed || ms > LONGEST_TIMER_MS) return;
    this.#timer = setTimeout(() => this.#start(), ms).unref();
  }

  #start(): void {
    const { damageCheckDelayMs: _delay, damageCheckIntervalMs, ...limits } = this.#limits;
    const workerData: DamageWorkerData = { ...limits, file: this.#file };
    const worker = new Worker(WORKER_URL, { workerData, execArgv: [] });
    worker.unref();
    worker.on('message', (report: DamageReport) => {
      if (report.kind === 'damage') this.#events.damage(report.damage);
      else this.#events.done(report);
    });
    worker.on('error', (error) => this.#events.failed(error));
    this.#worker = worker;
    this.#ended = new Promise((resolve) =>
      worker.once('exit', () => {
        this.#worker = null;
        this.#startIn(damageCheckIntervalMs);
        resolve();
      }),
    );
  }
}
