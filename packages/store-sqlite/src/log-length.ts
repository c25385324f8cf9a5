/**
 * What to do after a passive checkpoint: wait for the next interval, repeat immediately, or hold the writer and restart
 * the log.
 */
export type NextCheckpoint = 'wait' | 'again' | 'restart';

/** The limits of `LogLength`, in pages of the write-ahead log. */
export interface LogLengthLimits {
  /** The length above which the log must restart from its beginning. */
  readonly pagesMax: number;
  /** The most pages that are left to copy when the writer begins to wait for the copy and one sync. */
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
 * If a reader prevents the restart of the log, the restart is tried again after the log has grown by the limit once
 * more.
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

  /** Records an attempt to restart. `emptied`: it succeeded, so the next commit writes to the beginning of the log. */
  afterRestart(pages: number, emptied: boolean): void {
    this.#pages = pages;
    this.#restartAbove = emptied ? this.#limits.pagesMax : this.#restartAbove + this.#limits.pagesMax;
  }
}
