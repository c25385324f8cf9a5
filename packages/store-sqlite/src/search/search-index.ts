import { StoreError } from '@everywire/chat';
import type { SearchTable } from './search-table.js';
import type { Searcher } from './search-thread.js';

interface SearchIndexLimits {
  readonly searchBlocksAtOnce: number;
  readonly searchIndexMs: number;
  readonly searchRestartMs: number;
  readonly searchRestartMaxMs: number;
}

/**
 * Builds the search filters of due blocks, a few at a time. A block is a run of consecutive messages of a conversation;
 * it is due while it is full and has no filter (`search-table.ts`). The searcher reads and folds the texts; the writer
 * only adds the finished rows to its next commit. The database records which blocks are due, so none is lost with the
 * process, and the blocks of an older store without filters are processed in the same way.
 */
export class SearchIndex {
  readonly #table: SearchTable;
  readonly #searcher: Searcher;
  readonly #write: <T>(work: () => T) => Promise<T>;
  readonly #limits: SearchIndexLimits;
  readonly #onFailed: (reason: unknown) => void;
  #timer: NodeJS.Timeout | null = null;
  #turn: Promise<void> | null = null;
  #again = false;
  #pauseMs = 0;
  #closed = false;

  constructor(
    table: SearchTable,
    searcher: Searcher,
    write: <T>(work: () => T) => Promise<T>,
    limits: SearchIndexLimits,
    onFailed: (reason: unknown) => void,
  ) {
    this.#table = table;
    this.#searcher = searcher;
    this.#write = write;
    this.#limits = limits;
    this.#onFailed = onFailed;
    if (table.hasDue()) this.wake();
  }

  /** Schedules a step, because a block is due, or will be due when the running transaction commits. */
  wake(after: number = this.#limits.searchIndexMs): void {
    if (this.#turn !== null) this.#again = true;
    if (this.#closed || this.#timer !== null || this.#turn !== null) return;
    this.#timer = setTimeout(() => {
      this.#timer = null;
      this.#turn = this.#runTurn().finally(() => {
        this.#turn = null;
        if (this.#pauseMs > 0) this.wake(this.#pauseMs);
        else if (this.#again) this.wake();
      });
    }, after).unref();
  }

  /**
   * Stops the work; resolves when none is in progress. Blocks that are still due are processed after the next opening.
   */
  async close(): Promise<void> {
    this.#closed = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
    await this.#turn;
  }

  async #runTurn(): Promise<void> {
    this.#again = false;
    this.#pauseMs = 0;
    try {
      const blocks = await this.#searcher.ask('build', [this.#limits.searchBlocksAtOnce]);
      if (blocks.length === 0) return;
      await this.#write(() => this.#table.write(blocks));
      this.#again = true;
    } catch (error) {
      // No searcher is available, or the store cannot write or is closing. The blocks stay due, and the work is
      // retried.
      const isPassing = error instanceof StoreError && error.code !== 'damaged';
      this.#pauseMs = isPassing ? this.#limits.searchRestartMs : this.#limits.searchRestartMaxMs;
      if (!(error instanceof StoreError)) this.#onFailed(error);
    }
  }
}
