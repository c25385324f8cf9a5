/** What to do after a passive checkpoint: nothing before the next interval, another at once, or hold the writer and restart the log. */
export type NextCheckpoint = 'wait' | 'again' | 'restart';

export interface LogLengthLimits {
  /** Pages of log above which it is to start anew. */
  readonly pagesMax: number;
  /** Pages that may be left to copy while the writer waits: what it waits for is their writing and one sync. */
  readonly heldPagesMax: number;
}

/**
 * Decides when the write-ahead log is cut off, from its length after each checkpoint.
 *
 * A passive checkpoint copies what was in the log when it began, so what counts is not whether it got through (it nearly always
 * does) but whether the writer appended meanwhile: then the log does not start anew by itself, however many checkpoints there are.
 * Above the limit they follow each other at once, each with less to copy, and the writer is held for the last of it alone. A disk
 * on which they never get ahead of the writer has it held at a quarter above the limit.
 *
 * Where somebody's reader keeps the log from starting anew, that is tried again after as many pages more.
 */
export class LogLength {
  readonly #limits: LogLengthLimits;
  #restartAbove: number;
  #pages = 0;

  constructor(limits: LogLengthLimits) {
    this.#limits = limits;
    this.#restartAbove = limits.pagesMax;
  }

  /** `pages`: of the whole log, when the checkpoint began. */
  afterPassive(pages: number): NextCheckpoint {
    const appended = pages >= this.#pages ? pages - this.#pages : pages;
    this.#pages = pages;
    if (appended === 0 || pages <= this.#restartAbove) return 'wait';
    if (appended > this.#limits.heldPagesMax && pages <= this.#restartAbove * 1.25) return 'again';
    return 'restart';
  }

  /** `emptied`: the next commit starts the log anew. */
  afterRestart(pages: number, emptied: boolean): void {
    this.#pages = pages;
    this.#restartAbove = emptied ? this.#limits.pagesMax : this.#restartAbove + this.#limits.pagesMax;
  }
}
