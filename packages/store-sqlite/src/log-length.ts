/**
 * What to do after a passive checkpoint: wait for the next interval, repeat immediately, or hold the writer and restart
 * the log.
 */
export type NextCheckpoint = 'wait' | 'again' | 'restart';

/** Limits of `LogLength`, in pages. */
export interface LogLengthLimits {
  /** Pages of log above which it must restart. */
  readonly pagesMax: number;
  /** Pages left to copy, at most, while the writer waits for their writing and one sync. */
  readonly heldPagesMax: number;
}

/**
 * Decides when to truncate the write-ahead log, from its length after each checkpoint.
 *
 * A passive checkpoint copies what was in the log at its beginning. It nearly always completes, but if the writer
 * appended meanwhile, the log does not restart, however many checkpoints run. Above the limit, checkpoints follow each
 * other immediately, each with less to copy, and the writer is held only for the last one. If the disk never catches up
 * with the writer, the writer is held at a quarter above the limit.
 *
 * If a reader keeps the log from restarting, it is retried after as many pages more.
 */
export class LogLength {
  readonly #limits: LogLengthLimits;
  #restartAbove: number;
  #pages = 0;

  constructor(limits: LogLengthLimits) {
    this.#limits = limits;
    this.#restartAbove = limits.pagesMax;
  }

  /** Decides after a passive checkpoint. `pages` is the length of the log at its beginning. */
  afterPassive(pages: number): NextCheckpoint {
    const appended = pages >= this.#pages ? pages - this.#pages : pages;
    this.#pages = pages;
    if (appended === 0 || pages <= this.#restartAbove) return 'wait';
    if (appended > this.#limits.heldPagesMax && pages <= this.#restartAbove * 1.25) return 'again';
    return 'restart';
  }

  /** Records a restart. `emptied`: the next commit restarts the log. */
  afterRestart(pages: number, emptied: boolean): void {
    this.#pages = pages;
    this.#restartAbove = emptied ? this.#limits.pagesMax : this.#restartAbove + this.#limits.pagesMax;
  }
}
