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
 * Makes the filters of blocks that are due, a few at a time: the searcher reads and folds the texts, the writer only puts the finished rows into its
 * next commit. What is due is in the database, so nothing is lost with the process, and a store from before filters is worked off the same way.
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

  /** Something is due, or will be once its transaction is through. */
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

  /** Resolves when nothing of it is under way. What is still due is so after the next opening. */
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
      // No searcher now, or a store that cannot write or is closing: what is due stays so, and is tried again later. Nothing but time hangs on it.
      const isPassing = error instanceof StoreError && error.code !== 'damaged';
      this.#pauseMs = isPassing ? this.#limits.searchRestartMs : this.#limits.searchRestartMaxMs;
      if (!(error instanceof StoreError)) this.#onFailed(error);
    }
  }
}
