import { StoreError } from '@everywire/chat';
import type { SearchTable } from './search-table.js';
import type { Searcher } from './search-thread.js';

/**
 * Makes the filters of blocks that are due, a few at a time: the searcher reads and folds the texts, the writer only puts the finished rows into its
 * next commit. What is due is in the database, so nothing is lost with the process, and a store from before filters is worked off the same way.
 */
export class SearchIndex {
  readonly #table: SearchTable;
  readonly #searcher: Searcher;
  readonly #write: <T>(work: () => T) => Promise<T>;
  readonly #limits: { readonly searchBlocksAtOnce: number; readonly searchIndexMs: number };
  #timer: NodeJS.Timeout | null = null;
  #turn: Promise<void> | null = null;
  #again = false;
  #closed = false;

  constructor(
    table: SearchTable,
    searcher: Searcher,
    write: <T>(work: () => T) => Promise<T>,
    limits: { readonly searchBlocksAtOnce: number; readonly searchIndexMs: number },
  ) {
    this.#table = table;
    this.#searcher = searcher;
    this.#write = write;
    this.#limits = limits;
    if (table.hasDue()) this.wake();
  }

  /** Something is due, or will be once its transaction is through. */
  wake(): void {
    if (this.#turn !== null) this.#again = true;
    if (this.#closed || this.#timer !== null || this.#turn !== null) return;
    this.#timer = setTimeout(() => {
      this.#timer = null;
      this.#turn = this.#runTurn().finally(() => {
        this.#turn = null;
        if (this.#again) this.wake();
      });
    }, this.#limits.searchIndexMs).unref();
  }

  /** Resolves when nothing of it is under way. What is still due is so after the next opening. */
  async close(): Promise<void> {
    this.#closed = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
    await this.#turn;
  }

  async #runTurn(): Promise<void> {
    this.#again = false;
    try {
      const blocks = await this.#searcher.ask('build', [this.#limits.searchBlocksAtOnce]);
      if (blocks.length === 0) return;
      await this.#write(() => this.#table.write(blocks));
      this.#again = true;
    } catch (error) {
      // A store that cannot write now or is closing: what is due stays so, and the next full block asks again.
      if (!(error instanceof StoreError)) throw error;
    }
  }
}
