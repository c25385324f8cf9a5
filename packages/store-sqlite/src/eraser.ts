import { type ConversationId, StoreError } from '@everywire/chat';
import type { Access } from './access.js';
import type { ErasureTable } from './erasure-table.js';

interface EraserLimits {
  readonly erasedRowsAtOnce: number;
  readonly erasePauseMs: number;
  readonly eraseScanRows: number;
  readonly retrialMs: number;
}

interface EraserOptions {
  readonly table: ErasureTable;
  readonly limits: EraserLimits;
  readonly access: Access;
  /** Moves the whole log into the file and truncates it; resolves with false if that is impossible now. */
  readonly emptyLog: () => Promise<boolean>;
  readonly onFailed: (reason: unknown) => void;
}

/**
 * Erases the content of deleted conversations from the file, a few rows per commit with pauses, so that no send waits
 * for the erasure. The row of a conversation records that its erasure is pending, from the commit that deletes the
 * conversation, so the work resumes after a restart. The erasure is settled once the write-ahead log, which contains
 * old pages with the content, has been emptied too.
 */
export class Eraser {
  readonly #options: EraserOptions;
  readonly #due: ConversationId[] = [];
  /** Conversations whose content is erased from the tables, but perhaps still in the write-ahead log. */
  readonly #emptied: ConversationId[] = [];
  /** Progress of the initial scan for pending work; `null` when finished. */
  #scanned: ConversationId | null = 0;
  #timer: NodeJS.Timeout | null = null;
  #isBusy = false;
  #closed = false;

  constructor(options: EraserOptions) {
    this.#options = options;
    this.#wake(options.limits.erasePauseMs);
  }

  /** Adds a conversation that has been deleted, or that a transaction in progress deletes. */
  add(conversation: ConversationId): void {
    this.#due.push(conversation);
    this.#wake(this.#options.limits.erasePauseMs);
  }

  /** Whether no erasure is pending, neither in the tables nor in the write-ahead log. */
  get isIdle(): boolean {
    return this.#scanned === null && this.#due.length === 0 && this.#emptied.length === 0;
  }

  /** Stops the work. Pending work resumes when the store is opened again. */
  close(): void {
    this.#closed = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
  }

  #wake(after: number): void {
    if (this.#closed || this.isIdle || this.#timer !== null || this.#isBusy) return;
    this.#timer = setTimeout(() => {
      this.#timer = null;
      this.#isBusy = true;
      this.#runTurn().then((pause) => {
        this.#isBusy = false;
        this.#wake(pause);
      });
    }, after).unref();
  }

  /** Runs one step; returns the milliseconds until the next. */
  async #runTurn(): Promise<number> {
    const { limits, onFailed } = this.#options;
    try {
      return await this.#step();
    } catch (error) {
      // The disk is full or the store is closing: the work stays pending.
      if (!(error instanceof StoreError)) onFailed(error);
      return limits.retrialMs;
    }
  }

  async #step(): Promise<number> {
    const { table, limits, access, emptyLog } = this.#options;
    const [conversation] = this.#due;
    if (conversation !== undefined) {
      const left = await access.write(() => table.erase(conversation, limits.erasedRowsAtOnce));
      if (left !== 'more') this.#due.shift();
      if (left === 'nothing') this.#emptied.push(conversation);
    } else if (this.#scanned !== null) {
      const after = this.#scanned;
      const { conversations, more } = await access.read(() => table.due(after, limits.eraseScanRows));
      this.#due.push(...conversations);
      this.#scanned = more ? after + limits.eraseScanRows : null;
    } else {
      const emptied = [...this.#emptied];
      if (!(await emptyLog())) return limits.retrialMs;
      await access.write(() => {
        for (const each of emptied) table.settle(each);
      });
      this.#emptied.splice(0, emptied.length);
    }
    return limits.erasePauseMs;
  }
}
