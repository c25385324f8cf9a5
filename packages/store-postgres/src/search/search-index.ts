import type { Database } from '../database/database.js';
import type { PostgresStoreLimits } from '../limits.js';
import { buildBlocks, renewBlocks } from './build-blocks.js';

/**
 * Makes the filters of blocks that are due, a few at a time. What is due is in the database, so nothing is lost with a node: any other one makes it, at the
 * latest at its next look. Nothing but time hangs on it, so a turn that fails is tried again at the next look too.
 */
export class SearchIndex {
  readonly #database: Database;
  readonly #limits: PostgresStoreLimits;
  #timer: NodeJS.Timeout | null = null;
  #wakesAt = Number.POSITIVE_INFINITY;
  #turn: Promise<void> | null = null;
  #again = false;
  #isClosed = false;

  constructor(database: Database, limits: PostgresStoreLimits) {
    this.#database = database;
    this.#limits = limits;
    this.wake();
  }

  /** Something is due. */
  wake(after: number = this.#limits.searchIndexMs): void {
    if (this.#turn !== null) this.#again = true;
    const at = performance.now() + after;
    if (this.#isClosed || this.#turn !== null || at >= this.#wakesAt) return;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#wakesAt = at;
    this.#timer = setTimeout(() => {
      this.#wakesAt = Number.POSITIVE_INFINITY;
      this.#turn = this.#take().then((next) => {
        this.#turn = null;
        this.wake(next);
      });
    }, after).unref();
  }

  /** Resolves when nothing of it is under way. */
  async close(): Promise<void> {
    this.#isClosed = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
    await this.#turn;
  }

  /** Resolves with the time to the next turn. */
  async #take(): Promise<number> {
    this.#again = false;
    const { searchBlocksAtOnce, searchIndexMs, searchIndexPollMs } = this.#limits;
    try {
      const built = await buildBlocks(this.#database, searchBlocksAtOnce);
      const renewed = built === 0 ? await renewBlocks(this.#database) : 0;
      return built + renewed > 0 || this.#again ? searchIndexMs : searchIndexPollMs;
    } catch {
      return searchIndexPollMs;
    }
  }
}
